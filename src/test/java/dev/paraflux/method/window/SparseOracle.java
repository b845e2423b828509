package dev.paraflux.method.window;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The listing of {@link SparseParaTaa} in plain doubles, for one-step tables that are written in x0: every
 * matrix is formed, every array is new.
 */
final class SparseOracle {
    /** x0 as it is predicted. */
    interface Model {
        double[] x0(double[] x, NoiseLevel level);
    }

    /** The nodes of each round. */
    final List<List<Integer>> nodes = new ArrayList<>();
    /** The last final row after each round. */
    final List<Integer> finals = new ArrayList<>();
    private final SparseParaTaa rule;
    private final TriangularSystem system;
    private final Model model;
    private final int rows;
    private final int dim;
    private final double[][] x;
    private final double[][] h;
    private final double[] moves;
    private double[] wishes;
    /** Largest increments, by round. */
    private final List<Double> largest = new ArrayList<>();
    /** R and G of past rounds, newest first. */
    private final List<double[][]> residuals = new ArrayList<>();
    private final List<double[][]> maps = new ArrayList<>();
    private int fixed;

    SparseOracle(SparseParaTaa rule, TriangularSystem system, Model model, double[] start) {
        this.rule = rule;
        this.system = system;
        this.model = model;
        rows = system.rows();
        dim = start.length;
        x = new double[rows + 1][];
        h = new double[rows][dim];
        moves = new double[rows + 1];
        for (int i = 0; i <= rows; i++) {
            x[i] = start.clone();
        }
    }

    double[] solve() {
        while (fixed < rows) {
            round();
        }
        return x[rows];
    }

    private void round() {
        List<Integer> k = choose();
        nodes.add(k);
        learn(k, interpolate(k));
        double[][] residual = new double[rows + 1][];
        double[][] map = new double[rows + 1][];
        double[] sum = new double[dim];
        double[] rms = new double[rows + 1];
        for (int i = fixed + 1; i <= rows; i++) {
            double[] right = rightSide(i);
            double[] r = minus(right, x[i]);
            rms[i] = rms(r);
            sum = plus(r, sum, rule.paraTaa().unrolling().carry(system, i));
            residual[i] = sum;
            map[i] = plus(x[i], sum, 1);
            moves[i] = rms(sum);
        }
        residuals.add(0, residual);
        maps.add(0, map);
        IntPredicate settled = i -> k.contains(i - 1);
        int s = fixed + 1;
        while (s <= rows && settled.test(s)
                && rms[s] <= ((Tolerance.Residual) rule.paraTaa().tolerance()).relative() * system.noiseScale(s)) {
            s++;
        }
        int next = s > rows ? rows : settled.test(s) ? s : s - 1;
        for (int i = fixed + 1; i <= rows; i++) {
            x[i] = i <= next ? map[i] : accelerated(i);
        }
        fixed = next;
        finals.add(fixed);
    }

    private List<Integer> choose() {
        List<Integer> k = new ArrayList<>(List.of(fixed));
        double longest = Math.max(1, Math.floor(rows / (rule.density() * growth())));
        for (int i = fixed + 1; i < rows; i++) {
            double stride = wishes == null ? longest
                    : Math.max(1, Math.min(longest,
                            Math.floor(Math.min(wishes[i], rows * Math.sqrt(moves[i]) / rule.kappa()))));
            if (i - k.get(k.size() - 1) >= stride || i == rows - 1) {
                k.add(i);
            }
        }
        return k;
    }

    private double growth() {
        return Math.max(1, Math.sqrt(rows / 100.0));
    }

    private double theta() {
        int round = largest.size();
        if (round < 2) {
            return rule.theta();
        }
        double q = largest.get(round - 1) / largest.get(round - 2);
        boolean steady = q < 1 && round > 2 && largest.get(round - 2) < largest.get(round - 3);
        double most = steady ? Math.min(2.5, growth()) : 1;
        return rule.theta() * Math.max(0.25, Math.min(most, 3.5 * q));
    }

    /** The increments of the nodes. */
    private List<double[]> interpolate(List<Integer> k) {
        List<double[]> d = new ArrayList<>();
        for (int j : k) {
            d.add(minus(model.x0(x[j], system.level(j)), h[j]));
        }
        for (int q = 0; q < k.size(); q++) {
            h[k.get(q)] = plus(h[k.get(q)], d.get(q), 1);
            for (int i = k.get(q) + 1; q + 1 < k.size() && i < k.get(q + 1); i++) {
                double share = (double) (i - k.get(q)) / (k.get(q + 1) - k.get(q));
                h[i] = plus(plus(h[i], d.get(q), 1 - share), d.get(q + 1), share);
            }
        }
        return d;
    }

    private void learn(List<Integer> k, List<double[]> d) {
        if (k.size() >= 4) {
            largest.add(d.stream().mapToDouble(SparseOracle::rms).max().getAsDouble());
        }
        double[] single = new double[k.size()];
        Arrays.fill(single, Double.POSITIVE_INFINITY);
        for (int q = 1; q + 1 < k.size(); q++) {
            double span = k.get(q + 1) - k.get(q - 1);
            double share = (k.get(q) - k.get(q - 1)) / span;
            double error = rms(plus(plus(d.get(q), d.get(q - 1), share - 1), d.get(q + 1), -share));
            double size = Math.max(rms(d.get(q)), Math.max(rms(d.get(q - 1)), rms(d.get(q + 1))));
            size = k.size() < 4 ? size : Math.max(size, largest.get(largest.size() - 1) / 20);
            single[q] = span / 2 * Math.max(0.25, Math.min(2, Math.sqrt(4 * theta() * size / error)));
        }
        wishes = new double[rows];
        Arrays.fill(wishes, 2);
        for (int i = k.get(0); k.size() >= 4 && i <= k.get(k.size() - 1); i++) {
            int q = 0;
            while (q + 2 < k.size() && k.get(q + 1) <= i) {
                q++;
            }
            double share = (double) (i - k.get(q)) / (k.get(q + 1) - k.get(q));
            wishes[i] = (1 - share) * least(single, q) + share * least(single, q + 1);
        }
    }

    private static double least(double[] single, int q) {
        double least = single[q];
        least = q > 0 ? Math.min(least, single[q - 1]) : least;
        return q + 1 < single.length ? Math.min(least, single[q + 1]) : least;
    }

    /** (1), with the outputs that H tells. */
    private double[] rightSide(int i) {
        double[] right = new double[dim];
        system.rightSide(i, new TriangularSystem.Terms() {
            @Override
            public void state(double factor, int j) {
                add(right, x[j], factor);
            }

            @Override
            public void prediction(double factor, int j) {
                NoiseLevel level = system.level(j);
                double output = factor / system.prediction().x0OfOutput(level);
                add(right, h[j], output);
                add(right, x[j], -output * system.prediction().x0OfState(level));
            }

            @Override
            public void noise(double factor, int row) {
                throw new IllegalStateException("no noise here");
            }
        });
        return right;
    }

    /** (4), by two columns at most. */
    private double[] accelerated(int i) {
        int columns = Math.min(rule.paraTaa().history(), residuals.size()) - 1;
        double[][] s = new double[columns][columns];
        double[] b = new double[columns];
        for (int j = fixed + 1; j <= i; j++) {
            for (int c = 0; c < columns; c++) {
                double[] column = minus(residuals.get(c)[j], residuals.get(c + 1)[j]);
                b[c] += dot(column, residuals.get(0)[j]);
                for (int e = 0; e < columns; e++) {
                    s[c][e] += dot(column, minus(residuals.get(e)[j], residuals.get(e + 1)[j]));
                }
            }
        }
        double[] gamma = new double[columns];
        double ridge = rule.paraTaa().ridge();
        if (columns == 1) {
            gamma[0] = b[0] / (s[0][0] + ridge);
        } else if (columns == 2) {
            double determinant = (s[0][0] + ridge) * (s[1][1] + ridge) - s[0][1] * s[1][0];
            gamma[0] = ((s[1][1] + ridge) * b[0] - s[0][1] * b[1]) / determinant;
            gamma[1] = ((s[0][0] + ridge) * b[1] - s[1][0] * b[0]) / determinant;
        }
        double[] next = maps.get(0)[i];
        for (int c = 0; c < columns; c++) {
            next = plus(next, minus(maps.get(c)[i], maps.get(c + 1)[i]), -gamma[c]);
        }
        return next;
    }

    private static double[] minus(double[] a, double[] b) {
        return plus(a, b, -1);
    }

    private static double[] plus(double[] a, double[] b, double factor) {
        double[] sum = a.clone();
        add(sum, b, factor);
        return sum;
    }

    private static void add(double[] sum, double[] b, double factor) {
        for (int e = 0; e < sum.length; e++) {
            sum[e] += factor * b[e];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int e = 0; e < a.length; e++) {
            sum += a[e] * b[e];
        }
        return sum;
    }

    private static double rms(double[] a) {
        return Math.sqrt(dot(a, a) / a.length);
    }
}
