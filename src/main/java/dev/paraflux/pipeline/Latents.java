package dev.paraflux.pipeline;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.method.core.Decoder;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.pretrained.LoadOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** From latents to pictures and back, by both halves of an autoencoder (Rombach et al., arXiv 2112.10752). Thread-safe. */
final class Latents implements Decoder, AutoCloseable {
    private static final int COLOURS = 3;
    /** Log variances beyond are cut off, as diffusers does. */
    private static final float LEAST_LOG = -30;
    private static final float MOST_LOG = 20;

    private final PipelineFolder folder;
    private final LatentConfig config;
    private final PictureSize size;
    private final NetworkPart decoder;
    private final LoadOptions options;
    private final boolean kept;
    private NetworkPart encoder;
    private boolean closed;

    Latents(PipelineFolder folder, PictureSize size, LoadOptions options, boolean kept) throws IOException {
        this.folder = folder;
        this.size = size;
        this.options = options;
        this.kept = kept;
        config = folder.latents();
        decoder = new NetworkPart(folder.decoderFile(), options, kept);
    }

    /** [channels, height, width]. */
    int[] shape() {
        return new int[] {config.channels(), size.height() / config.factor(), size.width() / config.factor()};
    }

    int dim() {
        int[] shape = shape();
        return shape[0] * shape[1] * shape[2];
    }

    @Override
    public int pictureDim() {
        return COLOURS * size.height() * size.width();
    }

    @Override
    public void decode(float[] latent, float[] picture) {
        Require.length(dim(), "latent", latent.length);
        Require.length(pictureDim(), "picture", picture.length);
        int[] shape = shape();
        float[] scaled = new float[latent.length];
        int plane = shape[1] * shape[2];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (latent[i] * config.deviation().get(i / plane) + config.mean().get(i / plane));
        }
        DecodedTiles.decode(scaled, shape, config.factor(), picture, this::decodeTile);
        for (int i = 0; i < picture.length; i++) {
            picture[i] = Math.max(-1, Math.min(1, picture[i]));
        }
    }

    private float[] decodeTile(float[] latent, int height, int width) {
        TensorValue given = TensorValue.of(latent, 1, config.channels(), height, width);
        TensorValue answer = answers(decoder, given).values().iterator().next();
        requireShape(decoder, answer, 1, COLOURS, height * config.factor(), width * config.factor());
        return answer.floats();
    }

    private static Map<String, TensorValue> answers(NetworkPart part, TensorValue given) {
        return part.run("half an autoencoder takes one input", given);
    }

    private static void requireShape(NetworkPart part, TensorValue answer, Integer... wanted) {
        if (!answer.hasShape(List.of(wanted))) {
            throw new ModelException("model file " + part.file() + " answers " + answer + ", and must answer float32 "
                    + Arrays.toString(wanted) + ": it is not the one that its config.json tells of");
        }
    }

    /**
     * What a picture's latents are.
     *
     * @param picture [3, height, width], -1 to 1
     * @param noise   drawn for it, one value of each latent: an encoder tells a distribution, of which one is drawn
     * @throws IOException if the pipeline has no encoder
     */
    float[] encode(float[] picture, float[] noise) throws IOException {
        requirePixels("picture", COLOURS, picture);
        NetworkPart part = encoder();
        int[] shape = shape();
        TensorValue answer = encoded(part, TensorValue.of(picture, 1, COLOURS, size.height(), size.width()));
        requireShape(part, answer, 1, 2 * shape[0], shape[1], shape[2]);
        float[] moments = answer.floats();
        float[] latent = new float[dim()];
        int plane = shape[1] * shape[2];
        for (int i = 0; i < latent.length; i++) {
            float log = Math.max(LEAST_LOG, Math.min(MOST_LOG, moments[latent.length + i]));
            float drawn = moments[i] + (float) Math.exp(0.5f * log) * noise[i];
            latent[i] = (float) ((drawn - config.mean().get(i / plane)) / config.deviation().get(i / plane));
        }
        return latent;
    }

    /** Another size takes another painter: what to do is said. */
    private void requirePixels(String name, int channels, float... pixels) {
        if (pixels.length != channels * size.height() * size.width()) {
            throw new IllegalValueException("number of values of the " + name, pixels.length, channels * size.height()
                    * size.width() + ", [" + (channels == 1 ? "" : channels + ", ") + size.height() + ", "
                    + size.width()
                    + "], as pipeline " + folder.name() + " was loaded for pictures of " + size
                    + ": for another size make another painter, TextToImage.builder(folder).size(width, height)");
        }
    }

    private static TensorValue encoded(NetworkPart part, TensorValue picture) {
        Map<String, TensorValue> answers = answers(part, picture);
        if (answers.containsKey("latent_sample") && !answers.containsKey("latent_parameters")) {
            throw new ModelException(
                    "model file " + part.file() + " answers latent_sample, which it draws itself, from no"
                            + " seed: export it again, with latent_parameters (docs/pipelines.md)");
        }
        return answers.getOrDefault("latent_parameters", answers.values().iterator().next());
    }

    private synchronized NetworkPart encoder() throws IOException {
        if (closed) {
            throw new IllegalStateException("the pipeline of " + folder.folder() + " is closed");
        }
        if (encoder == null) {
            encoder = new NetworkPart(folder.encoderFile(), options, kept);
        }
        return encoder;
    }

    /**
     * A mask of pixels as one of latents: a latent is painted where the pixel at its upper left corner is.
     *
     * @param pixels [height, width], 0 (known) to 1 (to paint)
     */
    float[] mask(float[] pixels) {
        requirePixels("mask", 1, pixels);
        int[] shape = shape();
        float[] mask = new float[dim()];
        for (int i = 0; i < mask.length; i++) {
            int y = i / shape[2] % shape[1] * config.factor();
            int x = i % shape[2] * config.factor();
            float pixel = pixels[y * size.width() + x];
            if (!(pixel >= 0 && pixel <= 1)) {
                throw new IllegalValueException("mask", pixel, "0 (known) to 1 (to paint)");
            }
            mask[i] = pixel >= 0.5f ? 1 : 0;
        }
        return mask;
    }

    @Override
    public synchronized void close() {
        closed = true;
        decoder.close();
        if (encoder != null) {
            encoder.close();
        }
    }
}
