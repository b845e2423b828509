package dev.paraflux.benchmarks;

/**
 * One ParaTAA update as one writes it from a library's operations on rows: the same least work as the kernels' (sliding sums of
 * residuals, one new row of each Gram matrix, prefix sums, small solves), each operation a pass over memory of its own.
 */
final class PlainParaTaa implements AutoCloseable {
    private static final double CARRY = 1.001;
    private static final double STEP = -0.002;
    private static final double RIDGE = 1e-3;

    private final RowArithmetic rows;
    private final int count;
    private final int history;
    private final int order;
    private final double[][][] grams;
    private int round;

    /** @param arithmetic of {@link #slabs} rows */
    PlainParaTaa(RowArithmetic arithmetic, int count, int history, int order) {
        rows = arithmetic;
        this.count = count;
        this.history = history;
        this.order = order;
        grams = new double[count][history][history];
    }

    /** Rows that it needs: states, predictions, first residuals, one to add up in, and the last residuals and maps. */
    static int slabs(int count, int history) {
        return (count + 1) + count + count + 1 + 2 * history * count;
    }

    private int state(int i) {
        return i;
    }

    private int prediction(int i) {
        return count + 1 + i;
    }

    private int firstResidual(int i) {
        return 2 * count + 1 + i;
    }

    private int sum() {
        return 3 * count + 1;
    }

    private int residual(int i, int age) {
        return 3 * count + 2 + i * history + Math.floorMod(round - age, history);
    }

    private int map(int i, int age) {
        return 3 * count + 2 + history * count + i * history + Math.floorMod(round - age, history);
    }

    void update() {
        round++;
        for (int i = 0; i < count; i++) {
            rows.copy(state(i), firstResidual(i));
            rows.scale(CARRY, firstResidual(i));
            rows.add(STEP, prediction(i), firstResidual(i));
            rows.add(-1, state(i + 1), firstResidual(i));
            if (i == 0) {
                rows.copy(firstResidual(0), sum());
            } else {
                rows.scale(CARRY, sum());
                rows.add(1, firstResidual(i), sum());
                if (i >= order) {
                    rows.add(-Math.pow(CARRY, order), firstResidual(i - order), sum());
                }
            }
            rows.copy(sum(), residual(i, 0));
            rows.copy(state(i + 1), map(i, 0));
            rows.add(1, sum(), map(i, 0));
            for (int age = 0; age < history; age++) {
                int at = Math.floorMod(round - age, history);
                int now = Math.floorMod(round, history);
                grams[i][now][at] = rows.dot(residual(i, 0), residual(i, age));
                grams[i][at][now] = grams[i][now][at];
            }
        }
        double[][] sums = new double[history][history];
        for (int i = 0; i < count; i++) {
            for (int a = 0; a < history; a++) {
                for (int b = 0; b < history; b++) {
                    sums[a][b] += grams[i][a][b];
                }
            }
            double[] weights = weights(sums);
            rows.copy(map(i, 0), state(i + 1));
            rows.scale(weights[0], state(i + 1));
            for (int age = 1; age < history; age++) {
                rows.add(weights[age], map(i, age), state(i + 1));
            }
        }
    }

    /** Of the maps, latest first, from inner products of residuals: the differences' least squares by Gauss's elimination. */
    private double[] weights(double[][] sums) {
        int n = history - 1;
        double[][] left = new double[n][n];
        double[] right = new double[n];
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                left[a][b] = product(sums, a, b) - product(sums, a, b + 1) - product(sums, a + 1, b)
                        + product(sums, a + 1, b + 1) + (a == b ? RIDGE : 0);
            }
            right[a] = product(sums, a, 0) - product(sums, a + 1, 0);
        }
        for (int k = 0; k < n; k++) {
            for (int a = k + 1; a < n; a++) {
                double factor = left[a][k] / left[k][k];
                for (int b = k; b < n; b++) {
                    left[a][b] -= factor * left[k][b];
                }
                right[a] -= factor * right[k];
            }
        }
        double[] weights = new double[history];
        weights[0] = 1;
        for (int k = n - 1; k >= 0; k--) {
            double gamma = right[k];
            for (int b = k + 1; b < n; b++) {
                gamma -= left[k][b] * right[b];
            }
            right[k] = gamma / left[k][k];
            weights[k] -= right[k];
            weights[k + 1] += right[k];
        }
        return weights;
    }

    private double product(double[][] sums, int age, int otherAge) {
        return sums[Math.floorMod(round - age, history)][Math.floorMod(round - otherAge, history)];
    }

    @Override
    public void close() {
        rows.close();
    }
}
