package dev.paraflux.schedule;

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
        if (trainingSteps < 1) {
            throw new IllegalArgumentException("training steps = " + trainingSteps + ", legal: 1 or more");
        }
        if (steps < 1 || steps > trainingSteps) {
            throw new IllegalArgumentException(
                    "steps = " + steps + ", legal: 1 to " + trainingSteps + " (the training steps)");
        }
        int added = this == LEADING ? offset : 0;
        int largest = trainingSteps - 1 - (steps - 1) * (trainingSteps / steps);
        if (added < 0 || added > largest) {
            throw new IllegalArgumentException("offset = " + offset + ", legal for " + steps + " leading steps of "
                    + trainingSteps + " training steps: 0 to " + largest);
        }
        int[] times = new int[steps];
        for (int i = 0; i < steps; i++) {
            times[steps - 1 - i] = time(trainingSteps, steps, i) + added;
        }
        return times;
    }
}
