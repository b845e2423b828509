package dev.paraflux.pipeline;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.Condition;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.pretrained.ModelInput;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a UNet that was trained for inpainting takes as more channels of its latents: the mask, and the latents of what it
 * leaves of the picture (Rombach et al., arXiv 2112.10752, section 4.5; diffusers' StableDiffusionInpaintPipeline).
 */
final class Painted {
    private static final String MASK = "mask";
    private static final String PICTURE = "masked_image_latents";
    /** A pixel is painted from here on. */
    private static final float PAINTED = 0.5f;

    private Painted() {}

    /** How many channels such a UNet takes. */
    static int channels(int latents) {
        return 2 * latents + 1;
    }

    /** The inputs, for latents [channels, height, width]. */
    static List<ModelInput> inputs(int[] shape) {
        return List.of(ModelInput.joined(MASK, 1, shape[1], shape[2]),
                ModelInput.joined(PICTURE, shape[0], shape[1], shape[2]));
    }

    /** What is left of a picture [3, height, width] where a mask [height, width] paints; grey there. */
    static float[] rest(float[] picture, float[] mask) {
        float[] rest = new float[picture.length];
        for (int i = 0; i < rest.length; i++) {
            rest[i] = mask[i % mask.length] < PAINTED ? picture[i] : 0;
        }
        return rest;
    }

    /**
     * A text's condition with both.
     *
     * @param mask   one value of each latent, as {@link Latents#mask} makes it
     * @param latent of what is left of the picture
     */
    static Condition with(Condition text, int[] shape, float[] mask, float[] latent) {
        float[] plane = Arrays.copyOf(mask, shape[1] * shape[2]);
        Map<String, TensorValue> values = new TreeMap<>(((Condition.Tensors) text).values());
        values.put(MASK, TensorValue.of(plane, 1, shape[1], shape[2]));
        values.put(PICTURE, TensorValue.of(latent, shape));
        return Condition.tensors(values);
    }

    /** A text's condition with those of another one. */
    static Condition with(Condition text, Condition other) {
        Map<String, TensorValue> values = new TreeMap<>(((Condition.Tensors) text).values());
        Map<String, TensorValue> given = ((Condition.Tensors) other).values();
        values.put(MASK, given.get(MASK));
        values.put(PICTURE, given.get(PICTURE));
        return Condition.tensors(values);
    }

    /** A text's condition with zeros: no picture is drawn of it. */
    static Condition without(Condition text, int[] shape) {
        return with(text, shape, new float[shape[1] * shape[2]], new float[shape[0] * shape[1] * shape[2]]);
    }

    /** The refusal of a picture without a mask. */
    static IllegalValueException missing(PipelineFolder folder) {
        return IllegalValueException.missing("mask", "given with its picture: the " + folder.kind().denoiser()
                + " of pipeline " + folder.folder() + " was trained for inpainting, and takes them");
    }
}
