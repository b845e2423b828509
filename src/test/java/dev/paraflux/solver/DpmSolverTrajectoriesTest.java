package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.TestGrids;
import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole runs against loops over the steps with a list of past outputs, as the published schedulers are written. */
class DpmSolverTrajectoriesTest {
    private static final double TOLERANCE = 1e-10;
    private static final double[] STARTS = {-1.9, -0.7, 0.1, 0.8, 2.2};

    /** Fewer than 15 steps and more, with noise left at the end and without. */
    private static List<TimeGrid> grids() {
        List<TimeGrid> grids = new ArrayList<>();
        for (int steps : new int[] {1, 2, 3, 4, 10, 14, 15, 16, 50}) {
            grids.add(TestGrids.linear(steps));
            grids.add(MixtureTruth.uniform(steps));
            grids.add(TimeGrid.of(NoiseSchedule.scaledLinear(1000, 0.00085, 0.012), steps, Spacing.LEADING, 1,
                    FinalAlpha.FIRST));
        }
        return grids;
    }

    /** FLOW is another line of levels, which these grids do not lie on; its model is as good. */
    @ParameterizedTest
    @EnumSource
    void multistepRunsAreThePublishedSchedulers(Prediction prediction) {
        for (TimeGrid grid : grids()) {
            for (int order = 1; order <= Math.min(3, grid.steps()); order++) {
                TriangularSystem system = new DpmSolverPlusPlus(order).system(grid, prediction);
                for (double start : STARTS) {
                    assertEquals(scheduler(grid, prediction, order, start, null), MixtureTruth.solve(system, start),
                            TOLERANCE, "order " + order + ", " + grid.steps() + " steps");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void stochasticRunsAreThePublishedSchedulers(Prediction prediction) {
        for (TimeGrid grid : grids()) {
            TriangularSystem system = new SdeDpmSolverPlusPlus().system(grid, prediction);
            double[] noise = new Random(7).doubles(grid.steps() + 1, -2, 2).toArray();
            for (double start : STARTS) {
                assertEquals(scheduler(grid, prediction, 2, start, noise), solve(system, start, noise), TOLERANCE,
                        grid.steps() + " steps");
            }
        }
    }

    /** DPMSolverMultistepScheduler.step, "dpmsolver++" or, with noise, "sde-dpmsolver++"; "midpoint". */
    private static double scheduler(TimeGrid grid, Prediction prediction, int solverOrder, double start,
            double[] noise) {
        int steps = grid.steps();
        boolean finalSigmaIsZero = grid.level(steps).sigma() == 0;
        List<Double> outputs = new ArrayList<>();
        int lowerOrderNums = 0;
        double x = start;
        for (int step = 0; step < steps; step++) {
            NoiseLevel t = grid.level(step + 1);
            NoiseLevel s0 = grid.level(step);
            boolean lowerOrderFinal = step == steps - 1 && (steps < 15 || finalSigmaIsZero);
            boolean lowerOrderSecond = step == steps - 2 && steps < 15;
            outputs.add(x0(x, s0, prediction));
            double m0 = outputs.get(step);
            if (solverOrder == 1 || lowerOrderNums < 1 || lowerOrderFinal) {
                x = noise == null ? PublishedDpmSolvers.firstOrder(x, m0, t, s0)
                        : PublishedDpmSolvers.sdeFirstOrder(x, m0, noise[step + 1], t, s0);
            } else if (solverOrder == 2 || lowerOrderNums < 2 || lowerOrderSecond) {
                double m1 = outputs.get(step - 1);
                x = noise == null ? PublishedDpmSolvers.secondOrder(x, m0, m1, t, s0, grid.level(step - 1))
                        : PublishedDpmSolvers.sdeSecondOrder(x, m0, m1, noise[step + 1], t, s0, grid.level(step - 1));
            } else {
                x = PublishedDpmSolvers.thirdOrder(x, m0, outputs.get(step - 1), outputs.get(step - 2), t, s0,
                        grid.level(step - 1), grid.level(step - 2));
            }
            if (lowerOrderNums < solverOrder) {
                lowerOrderNums++;
            }
        }
        return x;
    }

    @ParameterizedTest
    @EnumSource
    void singlestepRunsAreThePublishedAlgorithms(Prediction prediction) {
        for (TimeGrid grid : grids()) {
            TriangularSystem dpmSolver2 = new DpmSolver2().system(grid, prediction);
            TriangularSystem plusPlus = new DpmSolverPlusPlus2S().system(grid, prediction);
            for (double start : STARTS) {
                assertEquals(dpmSolver2(grid, prediction, start), MixtureTruth.solve(dpmSolver2, start), TOLERANCE,
                        grid.steps() + " steps");
                assertEquals(plusPlus2S(grid, prediction, start), MixtureTruth.solve(plusPlus, start), TOLERANCE,
                        grid.steps() + " steps");
            }
        }
    }

    /** arXiv 2206.00927, algorithm 1. */
    private static double dpmSolver2(TimeGrid grid, Prediction prediction, double start) {
        double x = start;
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel from = grid.level(i - 1);
            NoiseLevel to = grid.level(i);
            if (to.sigma() == 0) {
                return to.alpha() * x0(x, from, prediction);
            }
            NoiseLevel s = middle(grid, from, to);
            double u = PublishedDpmSolvers.firstOrderOfEpsilon(x, epsilon(x, from, prediction), s, from);
            x = PublishedDpmSolvers.firstOrderOfEpsilon(x, epsilon(u, s, prediction), to, from);
        }
        return x;
    }

    /** arXiv 2211.01095, algorithm 1. */
    private static double plusPlus2S(TimeGrid grid, Prediction prediction, double start) {
        double r = 0.5;
        double x = start;
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel from = grid.level(i - 1);
            NoiseLevel to = grid.level(i);
            double before = x0(x, from, prediction);
            if (to.sigma() == 0) {
                return to.alpha() * before;
            }
            NoiseLevel s = middle(grid, from, to);
            double h = PublishedDpmSolvers.lambda(to) - PublishedDpmSolvers.lambda(from);
            double u = s.sigma() / from.sigma() * x - s.alpha() * (Math.exp(-r * h) - 1) * before;
            double d = (1 - 1 / (2 * r)) * before + 1 / (2 * r) * x0(u, s, prediction);
            x = to.sigma() / from.sigma() * x - to.alpha() * (Math.exp(-h) - 1) * d;
        }
        return x;
    }

    private static NoiseLevel middle(TimeGrid grid, NoiseLevel from, NoiseLevel to) {
        double lambda = 0.5 * (PublishedDpmSolvers.lambda(from) + PublishedDpmSolvers.lambda(to));
        return grid.path().at(Math.exp(-lambda));
    }

    /** What the schedulers' convert_model_output makes of the output. */
    private static double x0(double x, NoiseLevel at, Prediction prediction) {
        double m = MixtureTruth.output(x, at, prediction);
        return switch (prediction) {
            case EPSILON -> (x - at.sigma() * m) / at.alpha();
            case SAMPLE -> m;
            case VELOCITY -> at.alpha() * x - at.sigma() * m;
            case FLOW -> (x - at.sigma() * m) / (at.alpha() + at.sigma());
        };
    }

    private static double epsilon(double x, NoiseLevel at, Prediction prediction) {
        return (x - at.alpha() * x0(x, at, prediction)) / at.sigma();
    }

    /** Forward substitution, with noise. */
    private static double solve(TriangularSystem system, double start, double[] noise) {
        double[] x = new double[system.rows() + 1];
        double[] m = new double[system.rows()];
        x[0] = start;
        for (int i = 1; i <= system.rows(); i++) {
            m[i - 1] = MixtureTruth.output(x[i - 1], system.level(i - 1), system.prediction());
            RecordedRow row = new RecordedRow(system, i);
            double[] sum = {row.noise * noise[i]};
            row.states.forEach((j, factor) -> sum[0] += factor * x[j]);
            row.predictions.forEach((j, factor) -> sum[0] += factor * m[j]);
            x[i] = sum[0];
        }
        return x[system.rows()];
    }
}
