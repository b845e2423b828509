package dev.paraflux.iia;

import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.ForwardSubstitution;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import dev.paraflux.solver.UniPc;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/**
 * The oracle of a fit, equation (5) of arXiv 2304.11328 on Java arrays: the corrected trajectory to a step, the fine
 * steps across it, the vectors as they are written on paper, and least squares on them without normal equations.
 *
 * @param model     what is corrected there: in double, or rounding as a float model does
 * @param rounding  of each row: none, or to float, as the library's rows are
 * @param fineParts fine steps a step
 */
record FitOracle(Model model, DoubleUnaryOperator rounding, Solver solver, TimeGrid grid, int fineParts,
        Correction correction) {

    /** A model that predicts eps. */
    @FunctionalInterface
    interface Model {
        double[] epsilon(double[] x, NoiseLevel level);
    }

    /** Rows and predictions in float, sums in double, as the library computes. */
    static FitOracle rounded(Denoiser denoiser, Solver solver, TimeGrid grid, int fineParts, Correction correction) {
        Model model = (x, level) -> {
            float[] state = new float[x.length];
            for (int e = 0; e < x.length; e++) {
                state[e] = (float) x[e];
            }
            float[] output = ForwardSubstitution.evaluate(denoiser, Condition.none(), level, state);
            return DoubleStream.iterate(0, e -> e + 1).limit(x.length).map(e -> output[(int) e]).toArray();
        };
        return new FitOracle(model, value -> (float) value, solver, grid, fineParts, correction);
    }

    /** The start row of a seed. */
    double[] start(long seed, int dim) {
        float[] noise = new float[dim];
        new TorchRandom(seed).fillNormal(noise);
        NoiseLevel first = grid.level(0);
        double[] start = new double[dim];
        for (int e = 0; e < dim; e++) {
            start[e] = rounding.applyAsDouble((first.preservesVariance() ? 1 : first.sigma()) * noise[e]);
        }
        return start;
    }

    /** The row that a step ends in: two rows a step, but for the last one, or one. */
    int row(int step) {
        boolean two = solver instanceof Heun || solver instanceof UniPc;
        return two ? Math.min(2 * step, 2 * grid.steps() - 1) : step;
    }

    /** Rows whose output is known before a step ends, the latest first. A corrector's is not. */
    private List<Integer> latest(int step) {
        List<Integer> rows = new ArrayList<>();
        for (int row = row(step) - 1; row >= 0; row--) {
            if (!(solver instanceof UniPc) || row == 0 || row % 2 == 1) {
                rows.add(row);
            }
        }
        return rows;
    }

    /** Rows that are known so far. */
    private final class Rows {
        final TriangularSystem system;
        final List<double[]> states = new ArrayList<>();
        final List<double[]> outputs = new ArrayList<>();

        Rows(TriangularSystem system, double[] start) {
            this.system = system;
            states.add(start);
            outputs.add(null);
        }

        double[] output(int row) {
            if (outputs.get(row) == null) {
                outputs.set(row, model.epsilon(states.get(row), system.level(row)));
            }
            return outputs.get(row);
        }

        double[] x0(int row) {
            NoiseLevel at = system.level(row);
            return sum(1 / at.alpha(), states.get(row), -at.sigma() / at.alpha(), output(row));
        }

        /** The next row, and what corrects it. */
        void next(double[] correctedBy) {
            double[] sum = correctedBy.clone();
            system.rightSide(states.size(), new TriangularSystem.Terms() {
                @Override
                public void state(double factor, int j) {
                    add(factor, states.get(j));
                }

                @Override
                public void prediction(double factor, int j) {
                    add(factor, output(j));
                }

                @Override
                public void noise(double factor, int i) {
                    throw new IllegalArgumentException("noise in row " + i);
                }

                private void add(double factor, double[] row) {
                    for (int e = 0; e < sum.length; e++) {
                        sum[e] += factor * row[e];
                    }
                }
            });
            for (int e = 0; e < sum.length; e++) {
                sum[e] = rounding.applyAsDouble(sum[e]);
            }
            states.add(sum);
            outputs.add(null);
        }

        double[] last() {
            return states.get(states.size() - 1);
        }
    }

    private static double[] sum(double a, double[] x, double b, double[] y) {
        double[] sum = new double[x.length];
        for (int e = 0; e < sum.length; e++) {
            sum[e] = a * x[e] + b * y[e];
        }
        return sum;
    }

    private List<double[]> vectors(Rows rows, int step) {
        List<Integer> latest = latest(step);
        List<double[]> vectors = new ArrayList<>();
        boolean stage = step < grid.steps() || grid.level(step).sigma() > 0;
        int history = correction.history();
        switch (correction.vectors()) {
            case DIFFERENCES -> {
                if (latest.size() > 1) {
                    vectors.add(sum(1, rows.x0(latest.get(0)), -1, rows.x0(latest.get(1))));
                    vectors.add(sum(1, rows.output(latest.get(0)), -1, rows.output(latest.get(1))));
                }
            }
            case NOISE -> {
                if (step < grid.steps()) {
                    vectors.add(rows.output(latest.get(0)));
                }
            }
            case EVALUATIONS -> {
                for (int back = 0; back <= history && back < latest.size(); back++) {
                    vectors.add(rows.x0(latest.get(back)));
                    vectors.add(rows.output(latest.get(back)));
                }
            }
            case SLOPES -> {
                for (int i = step - 1; stage && i >= Math.max(0, step - 1 - history); i--) {
                    vectors.add(sum(0.5, rows.output(2 * i), 0.5, rows.output(2 * i + 1)));
                }
            }
            case RESIDUES -> {
                for (int i = step - 1; stage && i >= Math.max(0, step - 1 - history); i--) {
                    double alpha = grid.level(i).alpha();
                    vectors.add(sum(1, rows.states.get(2 * i), -alpha, rows.x0(2 * i)));
                    vectors.add(sum(alpha, rows.x0(2 * i), -alpha, rows.x0(2 * i + 1)));
                }
            }
        }
        return vectors;
    }

    /** The corrected trajectory to before a step, and this step, uncorrected. */
    private Rows upTo(int step, double[][] factors, double[] start) {
        Rows rows = new Rows(solver.system(grid, Prediction.EPSILON), start);
        double[] none = new double[start.length];
        for (int i = 1; i <= step; i++) {
            while (rows.states.size() < row(i)) {
                rows.next(none);
            }
            double[] correctedBy = none.clone();
            List<double[]> vectors = vectors(rows, i);
            for (int c = 0; c < factors[i - 1].length; c++) {
                correctedBy = sum(1, correctedBy, factors[i - 1][c], vectors.get(c));
            }
            rows.next(correctedBy);
        }
        return rows;
    }

    /** The end of the corrected trajectory. */
    double[] end(double[][] factors, double[] start) {
        return upTo(grid.steps(), factors, start).last();
    }

    /** The end of all the fine steps. */
    double[] fineEnd(double[] start) {
        return fine(grid.refined(fineParts), start);
    }

    private double[] fine(TimeGrid fine, double[] start) {
        TriangularSystem system = solver.system(fine, Prediction.EPSILON);
        Rows rows = new Rows(system, start);
        while (rows.states.size() <= system.rows()) {
            rows.next(new double[start.length]);
        }
        return rows.last();
    }

    /** Of each start the vectors of a step, and last Psi - Phi. */
    LeastSquares problem(int step, double[][] factors, List<double[]> starts) {
        TimeGrid across = new TimeGrid(
                grid.refined(fineParts).levels().subList(fineParts * (step - 1), fineParts * step + 1), grid.path());
        List<double[][]> samples = new ArrayList<>();
        for (double[] start : starts) {
            Rows rows = upTo(step, factors, start);
            List<double[]> vectors = vectors(rows, step);
            vectors.add(sum(1, fine(across, rows.states.get(row(step - 1))), -1, rows.last()));
            samples.add(vectors.toArray(double[][]::new));
        }
        return LeastSquares.of(samples);
    }
}
