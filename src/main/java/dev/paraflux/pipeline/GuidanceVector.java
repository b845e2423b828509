package dev.paraflux.pipeline;

import dev.paraflux.model.Condition;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.pretrained.ModelInput;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The guidance weight as a UNet takes it that was distilled for guidance (Luo et al., arXiv 2310.04378, section 4.2): sines and
 * cosines of 1000 (w - 1), as of a time. In float32 where diffusers calculates in it: of so large an angle the roundings tell.
 */
final class GuidanceVector {
    static final String NAME = "timestep_cond";
    private static final float SCALE = 1000;
    private static final float LONGEST = (float) Math.log(10000);

    private GuidanceVector() {}

    /** The input, of so many values. */
    static ModelInput input(int width) {
        return new ModelInput(NAME, ModelInput.Type.FLOAT32, List.of(width), 0, OptionalInt.empty());
    }

    /** A text's condition with it. */
    static Condition with(Condition text, double weight, int width) {
        Map<String, TensorValue> values = new TreeMap<>(((Condition.Tensors) text).values());
        values.put(NAME, TensorValue.of(of(weight, width), width));
        return Condition.tensors(values);
    }

    /** @param width 4 or more; an odd one ends with a 0 */
    static float[] of(double weight, int width) {
        int half = width / 2;
        float scaled = (float) (weight - 1) * SCALE;
        float step = LONGEST / (half - 1);
        float[] values = new float[width];
        for (int i = 0; i < half; i++) {
            float angle = scaled * (float) Math.exp(i * -step);
            values[i] = (float) Math.sin(angle);
            values[half + i] = (float) Math.cos(angle);
        }
        return values;
    }
}
