package dev.paraflux.method.window;

import dev.paraflux.check.Require;

/**
 * When a row under way is final before it is exact. By default that is said as what it means for the sample: how far from
 * the sequential one it may end ({@link #pixels}, {@link #values}). {@link #residual} and {@link #steps} are the rules of
 * the papers, by which a sample ends the farther away the more rows there are.
 *
 * <p>A distance is met by a row that is about to move by at most a third of it: by D_i, the sum of all that the rows since the
 * last final one miss their equations by, as it is carried to row i. On the demo model with guidance 5, from 25 to 1000
 * steps, the sample is then about as far away as was said, and nearer where errors shrink on the way, as on what is
 * easily told apart ({@code docs/methods.md} has the table). It is no bound, and with an order of a few rows, by which what
 * is left shrinks slowly, the sample ends farther away.
 *
 * <p>A tolerance of 0 is met by what is exact alone. No other is smaller than what the model rounds.
 */
public sealed interface Tolerance {

    /**
     * Root mean square distance of the sample to the sequential one, in steps of 0 to 255 for samples in [-1, 1].
     *
     * @param distance 0 (the sequential sample itself) or more
     */
    record Pixels(double distance) implements Tolerance {
        /** Checks the distance. */
        public Pixels {
            Require.notNegative("distance", distance);
        }
    }

    /**
     * The same in the sample's own values: for latents.
     *
     * @param distance 0 (the sequential sample itself) or more
     */
    record Values(double distance) implements Tolerance {
        /** Checks the distance. */
        public Values {
            Require.notNegative("distance", distance);
        }
    }

    /**
     * ParaTAA's own rule: the root mean square of the row's first-order residual r_i is at most one of the two. The paper's
     * tau is {@code relative}, with {@code absolute} 0; its code has 1e-3 for both.
     *
     * @param absolute 0 or more
     * @param relative times the row's noise scale g_i; 0 or more
     */
    record Residual(double absolute, double relative) implements Tolerance {
        /** Checks both. */
        public Residual {
            Require.notNegative("absolute", absolute);
            Require.notNegative("relative", relative);
        }
    }

    /**
     * The rule of ParaDiGMS: the row is about to move by at most so many times its noise scale,
     * {@code |D_i|^2 / (d g_i^2) <= tolerance^2}. 0.1 in the paper's code, which leaves a visible error.
     *
     * @param tolerance 0 or more
     */
    record Steps(double tolerance) implements Tolerance {
        /** Checks the tolerance. */
        public Steps {
            Require.notNegative("tolerance", tolerance);
        }
    }

    /** What methods have by default: 0.03 of a step of 255, which nobody sees. */
    static Tolerance defaults() {
        return new Pixels(0.03);
    }

    /** So far from the sequential sample, in steps of 0 to 255. */
    static Tolerance pixels(double distance) {
        return new Pixels(distance);
    }

    /** So far from the sequential sample, in its values. */
    static Tolerance values(double distance) {
        return new Values(distance);
    }

    /** As in the paper of ParaTAA. */
    static Tolerance residual(double absolute, double relative) {
        return new Residual(absolute, relative);
    }

    /** As in the paper of ParaDiGMS. */
    static Tolerance steps(double tolerance) {
        return new Steps(tolerance);
    }
}
