package dev.paraflux.method.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Method;
import dev.paraflux.method.Runs;
import dev.paraflux.model.Condition;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.DpmSolverUpTo;
import dev.paraflux.solver.HeunLike;
import dev.paraflux.solver.LateModel;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.StagedTwoStep;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every answer on the way to the exact one, and every change, is what equation (2) says. */
class PararealTest {
    private static final int DIM = 9;
    private static final int[] STEPS = {1, 2, 3, 7, 10, 13};
    /** Rows are floats: each of their roundings may be enlarged by the rows after it. */
    private static final double TOLERANCE = 2e-5;
    private static final double PIXELS = 127.5;
    /** That of {@link TestDenoisers#bent}, for the model and for the oracle. */
    private static final TestDenoisers.Element BENT = (x, level, condition, e) -> {
        double bend = x * (1 + e % 3) + 0.3 + 0.1 * ((Condition.Label) condition).label();
        return 0.8 * bend / (1 + bend * bend) + 0.5 * level.sigma() * x;
    };
    private static final Condition LABEL = Condition.label(2);

    static List<Arguments> tables() {
        List<Arguments> tables = new ArrayList<>();
        for (Prediction prediction : Prediction.values()) {
            for (Solver solver : List.of(new Ddim(), new Ddim(0.5), new Ddpm(), new HeunLike(), new StagedTwoStep(),
                    new DpmSolverUpTo(2), new LateModel())) {
                tables.add(Arguments.of(prediction, solver));
            }
        }
        return tables;
    }

    @ParameterizedTest
    @MethodSource("tables")
    void answersOfSrdsAreThoseOfTheTable(Prediction prediction, Solver solver) {
        for (int steps : STEPS) {
            Case solved = new Case(prediction, solver, steps);
            for (int blocks = 1; blocks <= steps; blocks++) {
                List<double[]> expected = solved.oracle().parareal(blocks);
                Srds method = Srds.defaults().withCoarse(CoarseStep.by(new Ddim())).withBlocks(blocks)
                        .withStop(StopRule.values(0));
                requireAnswers(solved, method, expected);
                requireAnswers(solved, method.withPipelined(false), expected);
                requireChanges(expected, Double.POSITIVE_INFINITY, solved.run(method));
                requireChanges(expected, 1, solved.run(method.withStop(StopRule.pixels(0))));
                for (int p = 1; p <= blocks; p++) {
                    Sample sample = solved.run(method.withMaxRefinements(p));
                    requireNear(expected.get(p), sample.values(), method + ", " + p + " refinements");
                    requireNear(expected.get(p), solved.run(method.withPipelined(false).withMaxRefinements(p)).values(),
                            method + ", barrier, " + p + " refinements");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void answersOfChordsAreThoseOfItsRounds(Prediction prediction, Solver solver) {
        Random random = new Random(5);
        for (int steps : STEPS) {
            Case solved = new Case(prediction, solver, steps);
            for (int repeat = 0; repeat < 8; repeat++) {
                int[] starts = starts(random, steps);
                List<PararealOracle.ChordsAnswer> expected = solved.oracle().chords(starts);
                List<double[]> values = expected.stream().map(PararealOracle.ChordsAnswer::values).toList();
                Chords method = Chords.defaults().withCoarse(CoarseStep.by(new Ddim()))
                        .withStarts(shares(starts, steps))
                        .withStop(StopRule.values(0));
                requireAnswers(solved, method, values);
                requireChanges(values, Double.POSITIVE_INFINITY, solved.run(method));
                requireChanges(values, 1, solved.run(method.withStop(StopRule.pixels(0))));
                for (int p = 0; p < values.size(); p++) {
                    Sample sample = solved.run(method.withMaxRefinements(p));
                    requireNear(values.get(p), sample.values(), method + ", answer " + p);
                    assertEquals(expected.get(p).round(), sample.stats().rounds(), method + ", answer " + p);
                }
            }
        }
    }

    /** Otherwise the other tests would pass for want of anything to tell apart. */
    @ParameterizedTest
    @MethodSource("tables")
    void answersDifferByFarMoreThanTheOracleMayBeOff(Prediction prediction, Solver solver) {
        List<double[]> answers = new Case(prediction, solver, 10).oracle().parareal(5);
        for (int p = 1; p <= 2; p++) {
            double change = PararealOracle.change(answers.get(p - 1), answers.get(p), Double.POSITIVE_INFINITY);
            assertTrue(change > 5 * TOLERANCE, "refinement " + p + " changes " + change);
        }
    }

    /** Steps to start at, from 0 on; cores one step apart would be left out. */
    private static int[] starts(Random random, int steps) {
        TreeSet<Integer> starts = new TreeSet<>(List.of(0));
        for (int k = random.nextInt(Math.min(6, steps) + 1); k > 0; k--) {
            int start = random.nextInt(steps);
            if (starts.subSet(start - 1, start + 2).isEmpty()) {
                starts.add(start);
            }
        }
        return starts.stream().mapToInt(Integer::intValue).toArray();
    }

    private static List<Double> shares(int[] starts, int steps) {
        List<Double> shares = new ArrayList<>();
        for (int start : starts) {
            shares.add((double) start / steps);
        }
        return shares;
    }

    /** As a listener sees them: where several come in one round, the last of them. */
    private static void requireAnswers(Case solved, Method method, List<double[]> expected) {
        List<Integer> answers = new ArrayList<>(List.of(0));
        solved.run(method, RunOptions.defaults().withListener(progress -> {
            int now = progress.answers(0);
            if (now > answers.get(answers.size() - 1)) {
                float[] preview = new float[DIM];
                progress.preview(0, preview);
                requireNear(expected.get(now - 1), preview, method + ", answer " + now);
            }
            answers.add(now);
        }));
        assertEquals(answers.stream().sorted().toList(), answers, "answers never fall");
        assertEquals(expected.size(), answers.get(answers.size() - 1), "answers");
    }

    private static void requireChanges(List<double[]> answers, double limit, Sample sample) {
        List<Double> changes = sample.stats().changes();
        assertEquals(answers.size() - 1, changes.size());
        double unit = limit == 1 ? PIXELS : 1;
        for (int p = 1; p < answers.size(); p++) {
            double expected = unit * PararealOracle.change(answers.get(p - 1), answers.get(p), limit);
            assertEquals(expected, changes.get(p - 1), unit * 2 * TOLERANCE, "change " + p);
        }
    }

    private static void requireNear(double[] expected, float[] values, String what) {
        for (int e = 0; e < DIM; e++) {
            assertEquals(expected[e], values[e], TOLERANCE, what + ", element " + e);
        }
    }

    /** One sample, with noise of its own for every row, whether the table takes it or not. */
    private record Case(Prediction prediction, Solver solver, int steps, Request request) {
        Case(Prediction prediction, Solver solver, int steps) {
            this(prediction, solver, steps, request(system(prediction, solver, steps).rows()));
        }

        private static TriangularSystem system(Prediction prediction, Solver solver, int steps) {
            return solver.system(TestGrids.angles(steps, 1.4), prediction);
        }

        private static Request request(int rows) {
            Random random = new Random(rows);
            float[] start = new float[DIM];
            float[] rowNoise = new float[rows * DIM];
            for (int e = 0; e < DIM; e++) {
                start[e] = (float) random.nextGaussian();
            }
            for (int e = 0; e < rowNoise.length; e++) {
                rowNoise[e] = (float) random.nextGaussian();
            }
            return Request.seed(1).withCondition(LABEL).withStart(start).withRowNoise(rowNoise);
        }

        PararealOracle oracle() {
            return new PararealOracle(system(prediction, solver, steps), steps, BENT, LABEL, request.start(),
                    request.rowNoise());
        }

        Sample run(Method method) {
            return run(method, RunOptions.defaults());
        }

        Sample run(Method method, RunOptions options) {
            return new Runs(TestDenoisers.of(DIM, prediction, BENT), TestGrids.angles(steps, 1.4), solver)
                    .run(method, List.of(request), options).get(0);
        }
    }
}
