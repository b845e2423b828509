package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/** Runs of a system in double for {@link SolverContract}, with noise that depends on nothing but a row's level. */
final class ContractRun {
    private static final double MEAN = 0.4;
    private static final double DEVIATION = 0.5;

    private ContractRun() {}

    static double noise(NoiseLevel level) {
        return Double.isFinite(level.lambda()) ? Math.sin(3 * level.lambda() + 1) : 0.5;
    }

    /** The sample where the data is the mixture of {@link MixtureTruth}. */
    static double mixture(TriangularSystem system, double start) {
        double[] noise = new double[system.noiseRows()];
        for (int row = 1; row <= system.rows(); row++) {
            if (system.drawn(row)) {
                noise[system.noiseIndex(row)] = noise(system.level(row));
            }
        }
        return new DoubleRun(system, start, noise).last();
    }

    static void requireBounded(TriangularSystem system, double bound, String where) {
        for (int i = 1; i <= system.rows(); i++) {
            RecordedRow row = new RecordedRow(system, i);
            double sum = Math.abs(row.noise);
            for (double factor : row.states.values()) {
                sum += Math.abs(factor);
            }
            for (double factor : row.predictions.values()) {
                sum += Math.abs(factor);
            }
            assertTrue(sum <= bound, where + ": row " + i + " has coefficients of " + sum);
        }
    }

    /**
     * How far the sample is from where the probability flow leads, if there is no noise, or else from the mean and the
     * deviation of the data, where all the data is one Gaussian. The model is linear then, and every row an affine
     * function of the start and of the noises, which is followed here.
     */
    static double gaussianError(Solver solver, TimeGrid grid, Prediction prediction) {
        TriangularSystem system = solver.system(grid, prediction);
        double[][] x = new double[system.rows() + 1][2 + system.noiseRows()];
        double[][] m = new double[system.rows() + 1][];
        x[0][1] = 1;
        for (int i = 1; i <= system.rows(); i++) {
            m[i - 1] = output(x[i - 1], system.level(i - 1), prediction);
            double[] sum = x[i];
            int at = 2 + system.noiseIndex(i);
            system.rightSide(i, new TriangularSystem.Terms() {
                @Override
                public void state(double factor, int j) {
                    add(factor, x[j], sum);
                }

                @Override
                public void prediction(double factor, int j) {
                    add(factor, m[j], sum);
                }

                @Override
                public void noise(double factor, int row) {
                    sum[at] += factor;
                }
            });
        }
        double[] sample = x[system.rows()];
        NoiseLevel first = grid.level(0);
        NoiseLevel last = grid.level(grid.steps());
        // The start is N(alpha mu, v), as the data with its noise.
        double mean = sample[0] + sample[1] * first.alpha() * MEAN - last.alpha() * MEAN;
        double deviation = sample[1] * Math.sqrt(variance(first));
        for (int k = 2; k < sample.length; k++) {
            deviation = Math.hypot(deviation, sample[k]);
        }
        return Math.abs(mean) + Math.abs(deviation - Math.sqrt(variance(last)));
    }

    private static void add(double factor, double[] from, double[] to) {
        for (int k = 0; k < to.length; k++) {
            to[k] += factor * from[k];
        }
    }

    private static double[] output(double[] x, NoiseLevel at, Prediction prediction) {
        double x0 = at.alpha() * DEVIATION * DEVIATION / variance(at);
        double epsilon = at.sigma() / variance(at);
        double slope = prediction.outputOfX0(at) * x0 + prediction.outputOfEpsilon(at) * epsilon;
        double[] output = new double[x.length];
        add(slope, x, output);
        output[0] += prediction.outputOfX0(at) * MEAN - slope * at.alpha() * MEAN;
        return output;
    }

    private static double variance(NoiseLevel at) {
        return at.alpha() * at.alpha() * DEVIATION * DEVIATION + at.sigma() * at.sigma();
    }
}
