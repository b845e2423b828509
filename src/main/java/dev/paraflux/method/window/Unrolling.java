package dev.paraflux.method.window;

/**
 * How a residual is carried on from row to row when a window of rows is unrolled. Both have the sequential sample as
 * their only fixed point; they differ in how fast they come near it.
 */
public enum Unrolling {
    /**
     * By the solver's own coefficients, equation (3): ParaTAA's form. Exact at once where the model's output does not
     * depend on the state.
     */
    INTEGRATING_FACTOR {
        @Override
        double carry(double parentFactor) {
            return parentFactor;
        }
    },
    /**
     * As it is: the solver's steps are summed in x itself, as in ParaDiGMS. Exact at once where the steps do not depend
     * on the state. On the demo model it takes fewer rounds; see {@code docs/methods.md}.
     */
    DRIFT {
        @Override
        double carry(double parentFactor) {
            return 1;
        }
    };

    /** By what a residual is carried from a parent with this coefficient to its child. */
    abstract double carry(double parentFactor);
}
