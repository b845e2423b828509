package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Times or sigmas of one's own, in place of those that a scheduler makes of a number of steps: the arguments
 * {@code timesteps} and {@code sigmas} of diffusers' pipelines, for {@link SchedulerConfig#withSteps}. {@link
 * AlignYourSteps} has some.
 *
 * <p>Of T training steps, the classes DDPM, LCM, TCD and the two of DPM-Solver take whole times of T - 1 to 0, Euler and
 * Heun also what lies between, flow matching times of T down to above 0. Euler takes sigmas; so do flow matching, and UniPC
 * with {@code use_flow_sigmas}, of 1 down to above 0. A file without a class takes whole times, and sigmas.
 *
 * @param kind   what the values are
 * @param values 1 or more, noisiest first, falling, finite, 0 or more
 */
public record CustomSteps(Kind kind, List<Double> values) {
    /** What steps can be told by, under the name that diffusers' pipelines have for it. */
    public enum Kind {
        /** A time of the model for each step. */
        TIMESTEPS,
        /**
         * Noise ratios sigma / alpha of the classes that count in these, that of the sample, usually 0, included; of flow
         * matching taus before they are shifted, one for each step.
         */
        SIGMAS;

        /** As diffusers has it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Copies the values and checks their order. */
    public CustomSteps {
        Objects.requireNonNull(kind, "kind");
        values = List.copyOf(values);
        Require.that(!values.isEmpty(), kind.toString(), values, "one or more");
        for (int i = 0; i < values.size(); i++) {
            Require.notNegative(name(kind, i), values.get(i));
            if (i > 0 && values.get(i) >= values.get(i - 1)) {
                throw new IllegalValueException(name(kind, i), values.get(i),
                        "below the one before, which is " + values.get(i - 1));
            }
        }
    }

    /**
     * A time for each step.
     *
     * @param times noisiest first, falling, 0 or more
     * @throws IllegalValueException naming the first that is not
     */
    public static CustomSteps ofTimes(double... times) {
        return new CustomSteps(Kind.TIMESTEPS, Arrays.stream(times).boxed().toList());
    }

    /**
     * Sigmas, see {@link Kind#SIGMAS}.
     *
     * @param sigmas noisiest first, falling, 0 or more
     * @throws IllegalValueException naming the first that is not
     */
    public static CustomSteps ofSigmas(double... sigmas) {
        return new CustomSteps(Kind.SIGMAS, Arrays.stream(sigmas).boxed().toList());
    }

    /** What one of the values is called. */
    String name(int i) {
        return name(kind, i);
    }

    private static String name(Kind kind, int i) {
        return kind + "[" + i + "]";
    }

    /** How many steps these are. */
    int steps(boolean endIncluded) {
        return endIncluded ? values.size() - 1 : values.size();
    }

    /**
     * The values, for a grid of so many steps.
     *
     * @throws IllegalValueException if these are others
     */
    double[] of(int steps, boolean endIncluded) {
        Require.that(steps == steps(endIncluded), "steps", steps,
                steps(endIncluded) + ", as many as the custom " + kind + " are");
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The values alone, separated by commas. */
    @Override
    public String toString() {
        return String.join(",", values.stream().map(CustomSteps::text).toList());
    }

    private static String text(double value) {
        return value == Math.rint(value) && value < 1e9 ? String.valueOf((long) value) : String.valueOf(value);
    }
}
