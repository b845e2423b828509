package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Which training steps a grid visits, rounded as diffusers rounds ({@code timestep_spacing}).
 *
 * <p>Source: Lin et al. (arXiv 2305.08891), table 2. With few steps choose TRAILING: it starts at the noisiest training
 * step, where the start noise belongs. LEADING starts below it, and for one step LEADING and LINSPACE give the least
 * noisy time of all, as they do in diffusers.
 */
public enum Spacing {
    /** 0, r, 2r, ... with r = T / N rounded down, plus an offset. */
    LEADING {
        @Override
        int time(int trainingSteps, int steps, int i) {
            return i * (trainingSteps / steps);
        }
    },
    /** T, T - T/N, T - 2 T/N, ..., rounded, less 1. */
    TRAILING {
        @Override
        int time(int trainingSteps, int steps, int i) {
            // numpy.arange's own distance: the difference of its first two values.
            double distance = trainingSteps - (double) trainingSteps / steps - trainingSteps;
            return (int) Math.rint(trainingSteps + (steps - 1 - i) * distance) - 1;
        }
    },
    /** N times from 0 to T - 1 in equal distances, rounded. */
    LINSPACE {
        @Override
        int time(int trainingSteps, int steps, int i) {
            return steps == 1 ? 0 : (int) Math.rint(i * ((trainingSteps - 1.0) / (steps - 1)));
        }
    };

    /** As {@code timestep_spacing} has it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Spacing of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** The time of step i, counted from the least noisy one. Halves are rounded to even, as numpy does. */
    abstract int time(int trainingSteps, int steps, int i);

    /**
     * The training steps to visit, noisiest first.
     *
     * @param trainingSteps T, from 1
     * @param steps         N, 1 to T
     * @param offset        added to every time; LEADING alone uses it, and there times must stay below T
     * @return N different times of 0 to T - 1, falling
     * @throws IllegalArgumentException naming the value outside its range
     */
    public int[] times(int trainingSteps, int steps, int offset) {
        Require.atLeast(1, "training steps", trainingSteps);
        if (steps < 1 || steps > trainingSteps) {
            throw new IllegalValueException("steps", steps, "1 to " + trainingSteps + ", the training steps");
        }
        int added = this == LEADING ? offset : 0;
        int largest = trainingSteps - 1 - (steps - 1) * (trainingSteps / steps);
        if (added < 0 || added > largest) {
            throw new IllegalValueException("steps_offset", offset, "0 to " + largest + " for " + steps
                    + " leading steps of " + trainingSteps + " training steps");
        }
        int[] times = new int[steps];
        for (int i = 0; i < steps; i++) {
            times[steps - 1 - i] = time(trainingSteps, steps, i) + added;
        }
        return times;
    }

    /**
     * The times of the classes that count in sigmas: LINSPACE's are not rounded, and an offset may lead beyond T - 1.
     *
     * @return N times, falling
     */
    double[] sigmaTimes(int trainingSteps, int steps, int offset) {
        int[] whole = this == LINSPACE ? new int[StepMemory.require(steps)] : times(trainingSteps, steps, 0);
        double[] times = new double[steps];
        for (int i = 0; i < steps; i++) {
            times[i] = this == LINSPACE
                    ? (float) (steps == 1 ? 0 : (steps - 1 - i) * ((trainingSteps - 1.0) / (steps - 1)))
                    : whole[i] + (this == LEADING ? offset : 0);
        }
        return times;
    }

    /**
     * The times of diffusers' DPM-Solver, UniPC and DEIS: all but the least noisy one of N + 1.
     *
     * @param visited how many of the training steps are visited, the noisiest being left out
     * @return N times, falling; fewer for TRAILING where noisy steps are left out
     */
    double[] timesButLast(int trainingSteps, int visited, int steps, int offset) {
        if (steps < 1 || steps >= visited) {
            throw new IllegalValueException("steps", steps, "1 to " + (visited - 1) + ", below the training steps");
        }
        if (this == TRAILING) {
            double distance = visited - (double) trainingSteps / steps - visited;
            int count = (int) Math.min(steps, Math.ceil(visited / -distance));
            return IntStream.range(0, count).mapToDouble(i -> Math.rint(visited + i * distance) - 1).toArray();
        }
        int stride = visited / (steps + 1);
        return IntStream.range(0, steps).mapToDouble(i -> this == LEADING ? (steps - i) * stride + offset
                : Math.rint((steps - i) * ((visited - 1.0) / steps))).toArray();
    }
}
