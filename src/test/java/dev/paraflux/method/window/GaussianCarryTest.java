package dev.paraflux.method.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.Tolerances;
import dev.paraflux.method.Method;
import dev.paraflux.method.Runs;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.Euler;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On data of the deviation that is assumed, a small change of row 0 arrives as the product of the carries says. */
class GaussianCarryTest {
    private static final int DIM = 16;
    private static final double VARIANCE = 0.25;

    /** What is exact of N(0, 0.5^2), said as a model of this kind says it. */
    private static Denoiser exact(Prediction prediction) {
        return TestDenoisers.of(DIM, prediction, (x, level, condition, e) -> output(prediction, level) * x);
    }

    private static double output(Prediction prediction, NoiseLevel level) {
        double variance = level.alpha() * level.alpha() * VARIANCE + level.sigma() * level.sigma();
        return prediction.outputOfX0(level) * level.alpha() * VARIANCE / variance
                + prediction.outputOfEpsilon(level) * level.sigma() / variance;
    }

    /** Exact of steps that look at one row, in the first round; the second one sees it. */
    @ParameterizedTest
    @EnumSource(Prediction.class)
    void solvesSuchDataAtOnce(Prediction prediction) {
        try (Denoiser model = exact(prediction)) {
            for (Solver solver : List.of(new Ddim(), new Ddim(1), new Euler(), new DpmSolverPlusPlus(1))) {
                Runs runs = new Runs(model, TestGrids.linear(40), solver);
                for (Method method : List.of(
                        Picard.defaults().withUnrolling(Unrolling.GAUSSIAN).withTolerance(Tolerance.values(1e-4)),
                        ParaTaa.defaults().withUnrolling(Unrolling.GAUSSIAN).withTolerance(Tolerance.values(1e-4)))) {
                    Sample sample = runs.run(method, Request.seed(1));
                    assertTrue(sample.stats().rounds() <= 2, solver + ": " + sample.stats());
                    assertEquals(0, Runs.distance(runs.sequential(Request.seed(1)), sample.values()),
                            Tolerances.METHOD);
                }
            }
        }
    }

    /** Rows that lie between follow as in the exact flow, so that the whole way is nearly that of the solver. */
    @ParameterizedTest
    @EnumSource(Prediction.class)
    void isNearlyRightForSolversThatLookAtMoreRows(Prediction prediction) {
        for (Solver solver : List.of(new DpmSolverPlusPlus(2), new Heun())) {
            TriangularSystem system = solver.system(TestGrids.angles(100, 1.5), prediction);
            double[] change = new double[system.rows() + 1];
            change[0] = 1;
            double[] carried = change.clone();
            for (int i = 1; i <= system.rows(); i++) {
                change[i] = rightSide(system, i, change);
                carried[i] = Unrolling.GAUSSIAN.carry(system, i) * carried[system.parent(i)];
            }
            assertEquals(change[system.rows()], carried[system.rows()], 0.02 * change[system.rows()],
                    solver.toString());
        }
    }

    private static double rightSide(TriangularSystem system, int row, double[] x) {
        double[] sum = new double[1];
        system.rightSide(row, new TriangularSystem.Terms() {
            @Override
            public void state(double factor, int j) {
                sum[0] += factor * x[j];
            }

            @Override
            public void prediction(double factor, int j) {
                sum[0] += factor * output(system.prediction(), system.level(j)) * x[j];
            }

            @Override
            public void noise(double factor, int i) {}
        });
        return sum[0];
    }
}
