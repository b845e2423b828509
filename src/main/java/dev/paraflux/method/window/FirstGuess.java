package dev.paraflux.method.window;

import dev.paraflux.check.Require;
import dev.paraflux.method.Trajectory;
import java.util.Objects;

/** What the rows of a window are before the first round. */
public sealed interface FirstGuess {

    /** Every row is the start noise. */
    record Copy() implements FirstGuess {}

    /**
     * Some rounds of big deterministic steps: each evaluates one row, predicts x0 and eps there, and lets the rows ahead
     * follow them. One step is ParaSolver's frozen x0.
     *
     * @param steps rounds, 1 or more
     */
    record Rolled(int steps) implements FirstGuess {
        public Rolled {
            Require.atLeast(1, "steps of the first guess", steps);
        }
    }

    /**
     * An earlier run's rows; only the last ones are solved anew.
     *
     * @param previous      of a run on the same grid
     * @param variationRows how many rows, counted from the sample, are solved anew, 1 or more
     */
    record WarmStart(Trajectory previous, int variationRows) implements FirstGuess {
        public WarmStart {
            Objects.requireNonNull(previous, "previous");
            Require.between(1, previous.rows(), "variationRows", variationRows);
        }
    }

    /** Every row is the start noise: the official code's choice. */
    static FirstGuess copy() {
        return new Copy();
    }

    /** The x0 predicted at the start noise, frozen (ParaSolver, ICLR 2025), after one round. */
    static FirstGuess frozenX0() {
        return new Rolled(1);
    }

    /** A coarse sweep over the window, of so many rounds. */
    static FirstGuess coarse(int steps) {
        return new Rolled(steps);
    }

    /** An earlier run's rows, of which the last {@code variationRows} are solved anew. */
    static FirstGuess warmStart(Trajectory previous, int variationRows) {
        return new WarmStart(previous, variationRows);
    }
}
