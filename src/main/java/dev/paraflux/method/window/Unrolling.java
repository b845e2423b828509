package dev.paraflux.method.window;

import dev.paraflux.solver.TriangularSystem;

/**
 * How a residual is carried on from row to row when a window of rows is unrolled. All have the sequential sample as
 * their only fixed point; they differ in how fast they come near it ({@code docs/methods.md}).
 */
public enum Unrolling {
    /**
     * By the solver's own coefficients, equation (3): ParaTAA's form. Exact at once where the model's output does not
     * depend on the state.
     */
    INTEGRATING_FACTOR {
        @Override
        double carry(TriangularSystem system, int row) {
            return system.parentFactor(row);
        }
    },
    /**
     * As it is: the solver's steps are summed in x itself, as in ParaDiGMS. Exact at once where the steps do not depend
     * on the state.
     */
    DRIFT {
        @Override
        double carry(TriangularSystem system, int row) {
            return 1;
        }
    },
    /**
     * As the solver's step carries it where the data is normally distributed with a deviation of {@value #DEVIATION}: between
     * the two others. Exact at once on such data. The default: with noise in the steps it takes far fewer rounds.
     */
    GAUSSIAN {
        @Override
        double carry(TriangularSystem system, int row) {
            return new GaussianCarry(system, DEVIATION).of(row);
        }
    };

    /** Of digits about their mean. */
    private static final double DEVIATION = 0.5;

    /** By what a residual is carried from the parent of a row, 1 to {@code rows}, to the row. */
    abstract double carry(TriangularSystem system, int row);
}
