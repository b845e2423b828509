package dev.paraflux.iia;

/**
 * Cholesky's method on a small symmetric matrix G, positive or semidefinite, always with the largest pivot of those
 * left: G = L L^T, with as many columns as G has rank. Pivots are compared as shares of their own diagonal, so that
 * units do not matter.
 */
final class PivotedCholesky {
    /**
     * A smaller share counts as rounding. Sums of products in double would allow less; but the vectors come from rows
     * that were rounded to float, and what is left of two that depend on each other is that rounding. Differences of
     * neighbours shrink with the steps and their rounding does not: of some hundred steps it can pass for a direction
     * of its own.
     */
    private static final double DEPENDENT = 1e-9;

    private final int size;
    private final double[][] factor;
    private final int[] order;
    private int rank;

    PivotedCholesky(double[][] matrix) {
        size = matrix.length;
        factor = new double[size][size];
        order = new int[size];
        double[] left = new double[size];
        boolean[] taken = new boolean[size];
        for (int a = 0; a < size; a++) {
            left[a] = matrix[a][a];
        }
        for (int pivot = largest(matrix, left, taken); pivot >= 0; pivot = largest(matrix, left, taken)) {
            taken[pivot] = true;
            double root = Math.sqrt(left[pivot]);
            factor[pivot][rank] = root;
            for (int a = 0; a < size; a++) {
                if (!taken[a]) {
                    double rest = matrix[a][pivot];
                    for (int p = 0; p < rank; p++) {
                        rest -= factor[a][p] * factor[pivot][p];
                    }
                    factor[a][rank] = rest / root;
                    left[a] -= factor[a][rank] * factor[a][rank];
                }
            }
            order[rank++] = pivot;
        }
    }

    /** The pivot of the largest share that is left; -1 if what is left is rounding. */
    private static int largest(double[][] matrix, double[] left, boolean[] taken) {
        int found = -1;
        double most = DEPENDENT;
        for (int a = 0; a < left.length; a++) {
            if (!taken[a] && left[a] > most * matrix[a][a]) {
                found = a;
                most = left[a] / matrix[a][a];
            }
        }
        return found;
    }

    /** How many rows of G are independent. */
    int rank() {
        return rank;
    }

    /** Of the k that bring |G k - right| down furthest, the shortest one. */
    double[] solve(double[] right) {
        return rank == size ? substitute(right) : leastNorm(right);
    }

    /** L y = right, then L^T k = y. */
    private double[] substitute(double[] right) {
        double[] y = new double[size];
        for (int p = 0; p < size; p++) {
            double rest = right[order[p]];
            for (int q = 0; q < p; q++) {
                rest -= factor[order[p]][q] * y[q];
            }
            y[p] = rest / factor[order[p]][p];
        }
        double[] k = new double[size];
        for (int p = size - 1; p >= 0; p--) {
            double rest = y[p];
            for (int q = p + 1; q < size; q++) {
                rest -= factor[order[q]][p] * k[order[q]];
            }
            k[order[p]] = rest / factor[order[p]][p];
        }
        return k;
    }

    /** k = L (L^T L)^-2 L^T right, for a right side in the range of G, as that of normal equations is. */
    private double[] leastNorm(double[] right) {
        double[][] inner = new double[rank][rank];
        double[] projected = new double[rank];
        for (int p = 0; p < rank; p++) {
            for (int a = 0; a < size; a++) {
                projected[p] += factor[a][p] * right[a];
                for (int q = 0; q < rank; q++) {
                    inner[p][q] += factor[a][p] * factor[a][q];
                }
            }
        }
        PivotedCholesky square = new PivotedCholesky(inner);
        double[] y = square.solve(square.solve(projected));
        double[] k = new double[size];
        for (int a = 0; a < size; a++) {
            for (int p = 0; p < rank; p++) {
                k[a] += factor[a][p] * y[p];
            }
        }
        return k;
    }
}
