package dev.paraflux;

import dev.paraflux.model.Condition;
import java.util.Objects;

/**
 * One sample to draw. Immutable; the arrays are not copied and are not to be changed during a run.
 *
 * @param seed      of all noise that is not given: the start noise is what {@code torch.manual_seed(seed);
 *                  torch.randn(shape)} gives on a CPU, and each row noise, in ascending rows, the next {@code randn}
 * @param condition what to show
 * @param start     x_0, one value per element of a row, or null to draw it
 * @param rowNoise  z_1 .. z_N one after the other, or null to draw them
 */
public record Request(long seed, Condition condition, float[] start, float[] rowNoise) {

    public Request {
        Objects.requireNonNull(condition, "condition");
    }

    /** A sample without condition. */
    public static Request seed(long seed) {
        return new Request(seed, Condition.none(), null, null);
    }

    /** The same with another condition. */
    public Request withCondition(Condition newCondition) {
        return new Request(seed, newCondition, start, rowNoise);
    }

    /** The same with a label. */
    public Request withLabel(int label) {
        return withCondition(Condition.label(label));
    }

    /** The same with this start noise. */
    public Request withStart(float[] newStart) {
        return new Request(seed, condition, newStart, rowNoise);
    }

    /** The same with this row noise. */
    public Request withRowNoise(float[] newRowNoise) {
        return new Request(seed, condition, start, newRowNoise);
    }

    @Override
    public String toString() {
        return "Request[seed " + seed + ", " + condition + (start == null ? "" : ", given start")
                + (rowNoise == null ? "" : ", given row noise") + "]";
    }
}
