package dev.paraflux.method.window;

import dev.paraflux.solver.TriangularSystem;

/**
 * Equation (3) of {@code docs/methods.md} as a sliding sum: the residual of order k of row i is that of its parent, carried on, plus row i's own of
 * first order, less the first-order residual that lies k parents up, which leaves the sum.
 */
final class UnrolledChain {
    private final int[] parents;
    private final double[] factors;
    private final int[] dropped;
    private final double[] droppedFactors;

    UnrolledChain(TriangularSystem system, int order, Unrolling unrolling) {
        int count = system.rows() + 1;
        parents = new int[count];
        factors = new double[count];
        dropped = new int[count];
        droppedFactors = new double[count];
        for (int i = 1; i < count; i++) {
            parents[i] = system.parent(i);
            factors[i] = unrolling.carry(system, i);
            int row = i;
            double factor = 1;
            for (int step = 0; step < order && row > 0; step++) {
                factor *= factors[row];
                row = parents[row];
            }
            dropped[i] = row;
            droppedFactors[i] = factor;
        }
    }

    /** The row that row i continues from. */
    int parent(int i) {
        return parents[i];
    }

    /** By what the parent's residual is carried on to row i. */
    double factor(int i) {
        return factors[i];
    }

    /** The row whose first-order residual leaves the sum at row i; 0 if there is none, since row 0 is always final. */
    int dropped(int i) {
        return dropped[i];
    }

    /** By what it is multiplied. */
    double droppedFactor(int i) {
        return droppedFactors[i];
    }
}
