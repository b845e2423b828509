package dev.paraflux.cli.option;

import dev.paraflux.method.Method;
import dev.paraflux.method.core.Decoder;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.pipeline.Pipeline;
import java.util.List;

/** How a model's samples are looked at: as they are, or decoded. */
public final class Look {
    private final ModelCard card;
    private final List<Integer> shape;
    private final Decoder decoder;

    private Look(ModelCard card, List<Integer> shape, Decoder decoder) {
        this.card = card;
        this.shape = shape;
        this.decoder = decoder;
    }

    /** Of samples that are pictures themselves. */
    static Look of(ModelCard card) {
        return new Look(card, card.shape(), null);
    }

    /** Of latents. */
    static Look of(Pipeline pipeline) {
        return new Look(pipeline.denoiser().card(), List.of(3, pipeline.size().height(), pipeline.size().width()),
                pipeline.decoder());
    }

    /** What the model is called. */
    public String name() {
        return card.name();
    }

    /** Of a sample. */
    public List<Integer> sampleShape() {
        return card.shape();
    }

    /** Of its picture: [channels, height, width], if it has one. */
    public List<Integer> shape() {
        return shape;
    }

    /** Whether the picture is not the sample itself. */
    public boolean isDecoded() {
        return decoder != null;
    }

    /** The picture of a sample. */
    public float[] picture(float[] sample) {
        if (decoder == null) {
            return sample;
        }
        float[] picture = new float[decoder.pictureDim()];
        decoder.decode(sample, picture);
        return picture;
    }

    /** A method that looks at pixels, looking at those of the picture. */
    Method sees(Method method) {
        return decoder == null ? method : decoder.seenBy(method);
    }
}
