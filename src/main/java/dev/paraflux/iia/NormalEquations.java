package dev.paraflux.iia;

/**
 * The quadratic of equation (5): inner products of vectors v_c and of a target, summed over samples and elements, and
 * the factors k that minimize {@code |target - sum_c k_c v_c|^2}.
 */
final class NormalEquations {
    private final int count;
    private final double[][] gram;

    /** @param count number of vectors, 1 or more */
    NormalEquations(int count) {
        this.count = count;
        gram = new double[count + 1][count + 1];
    }

    /** The factors, and how many of the vectors are independent: where not all are, the factors of least norm. */
    record Solution(double[] factors, int rank) {}

    /** How many inner products vectors have with each other, and with a target. */
    static int products(int vectors) {
        return (vectors + 1) * (vectors + 2) / 2;
    }

    /**
     * Adds the inner products of the vectors and of the target, which comes last: of the first with itself and all after it,
     * then of the second, and so on.
     */
    void add(double[] products) {
        int next = 0;
        for (int a = 0; a <= count; a++) {
            for (int b = a; b <= count; b++) {
                add(a, b, products[next++]);
            }
        }
    }

    /** Adds to the inner product of two vectors, a no more than b; the target is vector {@code count}. */
    void add(int a, int b, double product) {
        gram[a][b] += product;
        gram[b][a] = gram[a][b];
    }

    /** Number of vectors. */
    int count() {
        return count;
    }

    /** Root of the share that factors leave: |target - sum_c k_c v_c| / |target|; 1 where nothing was to correct. */
    double shareLeft(double[] factors) {
        double target = gram[count][count];
        double squares = target;
        for (int a = 0; a < count; a++) {
            double product = -2 * gram[a][count];
            for (int b = 0; b < count; b++) {
                product += gram[a][b] * factors[b];
            }
            squares += factors[a] * product;
        }
        return target == 0 ? 1 : Math.sqrt(Math.max(0, squares) / target);
    }

    /**
     * The factors that minimize the quadratic. Solved for vectors of length 1: where they depend on each other the norm
     * that is least is that of |v_c| k_c, so that units do not matter, and it is what a ridge tends to.
     *
     * @param ridge 0 or more: adds ridge |v_c|^2 k_c^2, which keeps factors small that hardly matter
     */
    Solution solve(double ridge) {
        double[] units = new double[count];
        for (int a = 0; a < count; a++) {
            units[a] = gram[a][a] == 0 ? 1 : Math.sqrt(gram[a][a]);
        }
        double[][] matrix = new double[count][count];
        double[] right = new double[count];
        for (int a = 0; a < count; a++) {
            for (int b = 0; b < count; b++) {
                matrix[a][b] = gram[a][b] / (units[a] * units[b]);
            }
            matrix[a][a] *= 1 + ridge;
            right[a] = gram[a][count] / units[a];
        }
        PivotedCholesky factored = new PivotedCholesky(matrix);
        double[] factors = factored.solve(right);
        for (int a = 0; a < count; a++) {
            factors[a] /= units[a];
        }
        return new Solution(factors, factored.rank());
    }
}
