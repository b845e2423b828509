package dev.paraflux.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.FirstGuess;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.method.window.Unrolling;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables that no solver here has, but one of a user's may: with a tolerance of 0 every method solves them to the bit. */
class OwnTablesTest {
    private static final int DIM = 3;
    private static final int TABLES = Integer.getInteger("paraflux.tables", 150);

    /** Any parents, looking back any number of rows, with rows at any level of the step that are asked for or not. */
    private record RandomTable(int seed) implements Solver {
        @Override
        public TriangularSystem system(TimeGrid grid, Prediction prediction) {
            Random random = new Random(seed);
            int stages = 1 + random.nextInt(3);
            int back = 1 + random.nextInt(6);
            double density = random.nextDouble();
            boolean chain = random.nextBoolean();
            boolean noisy = random.nextInt(3) == 0;
            var table = new TriangularSystem.Builder(grid.level(0), prediction);
            int row = 0;
            for (int step = 1; step <= grid.steps(); step++) {
                int before = row;
                int last = row + 1 + random.nextInt(stages);
                while (row < last) {
                    row++;
                    NoiseLevel level = grid.level(row == last || random.nextBoolean() ? step : step - 1);
                    int parent = chain || row < last ? row - 1 : before;
                    table.row(level, parent).state(parent, 0.3 + 0.5 * random.nextDouble());
                    for (int j = Math.max(0, row - back); j < row; j++) {
                        if (random.nextDouble() < density / 2) {
                            table.prediction(j, 0.3 * random.nextGaussian());
                        }
                    }
                    table.noise(noisy && random.nextBoolean() ? 0.2 : 0);
                }
            }
            return table.build();
        }
    }

    /** The model is asked at the predictor alone, and the corrector continues from it. */
    private static final Solver CORRECTED = (grid, prediction) -> {
        var table = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int step = 1; step <= grid.steps(); step++) {
            int row = 2 * step - 1;
            int asked = Math.max(0, row - 2);
            table.row(grid.level(step), row - 1).state(row - 1, 0.8).prediction(asked, 0.1);
            table.row(grid.level(step), row).state(row, 1).prediction(row, 0.1).prediction(asked, -0.05);
        }
        return table.build();
    };

    private static List<Method> methods(Random random) {
        ParaTaa taa = ParaTaa.defaults().withTolerance(Tolerance.values(0)).withHistory(1 + random.nextInt(8));
        int window = 1 + random.nextInt(8);
        Unrolling form = Unrolling.values()[random.nextInt(3)];
        return List.of(Picard.defaults().withWindow(window).withTolerance(Tolerance.values(0)).withUnrolling(form),
                taa.withOrder(1 + random.nextInt(9)).withUnrolling(form),
                taa.withWindow(window).withFirstGuess(FirstGuess.coarse(1 + random.nextInt(5))),
                SparseParaTaa.of(taa).withDensity(1 + random.nextInt(5)), SparseParaTaa.of(taa.withWindow(window)),
                Srds.defaults().withStop(StopRule.values(0)).withPipelined(random.nextBoolean()),
                Chords.ofCores(1 + random.nextInt(9)).withStop(StopRule.values(0)));
    }

    @ParameterizedTest
    @EnumSource
    void everyTableIsSolvedByEveryMethod(Prediction prediction) {
        for (int seed = 0; seed < TABLES; seed++) {
            Random random = new Random(seed);
            TimeGrid grid = noisyToTheEnd(1 + random.nextInt(random.nextBoolean() ? 6 : 25));
            List<Method> methods = new ArrayList<>(methods(random));
            for (int blocks = 1; blocks <= 3; blocks++) {
                methods.add(Srds.defaults().withStop(StopRule.values(0)).withBlocks(blocks));
            }
            requireExact(new RandomTable(seed), grid, prediction, methods, "table " + seed);
        }
    }

    @Test
    void correctorsThatContinueFromTheirPredictorAreNoStepsOfTheirOwn() {
        for (int steps = 1; steps <= 9; steps++) {
            TimeGrid grid = noisyToTheEnd(steps);
            TriangularSystem system = CORRECTED.system(grid, Prediction.EPSILON);
            List<Method> methods = new ArrayList<>(methods(new Random(steps)));
            for (int blocks = 1; blocks <= Srds.maxBlocks(system); blocks++) {
                Srds srds = Srds.defaults().withStop(StopRule.values(0)).withBlocks(blocks);
                methods.addAll(List.of(srds, srds.withPipelined(false)));
            }
            requireExact(CORRECTED, grid, Prediction.EPSILON, methods, steps + " steps");
            assertTrue(Srds.maxBlocks(system) <= steps + 1, steps + " steps");
        }
    }

    /** Between them the model is not asked. */
    @Test
    void levelsThatAreRepeatedManyTimesArePassed() {
        TimeGrid plain = noisyToTheEnd(12);
        for (int at : new int[] {0, 1, 4, 11, 12}) {
            for (int times = 1; times <= 20; times++) {
                List<NoiseLevel> levels = new ArrayList<>(plain.levels());
                for (int k = 0; k < times; k++) {
                    levels.add(at, levels.get(at));
                }
                requireExact(new Ddim(), new TimeGrid(levels), Prediction.VELOCITY, methods(new Random(times)),
                        at + " repeated " + times + " times");
            }
        }
    }

    /** Every row may be asked for then, whatever the model predicts. */
    private static TimeGrid noisyToTheEnd(int steps) {
        return new TimeGrid(TestGrids.angles(steps + 1, 1.4).levels().subList(0, steps + 1));
    }

    private static void requireExact(Solver solver, TimeGrid grid, Prediction prediction, List<Method> methods,
            String what) {
        Request request = Request.seed(7);
        try (Sampler sampler = Sampler.builder(TestDenoisers.gaussian(DIM, 0.3, 0.5, prediction), grid).solver(solver)
                .build()) {
            int rows = sampler.system().rows();
            int mostBlocks = Srds.maxBlocks(sampler.system());
            float[] sequential = sampler.sample(request).values();
            for (Method method : methods) {
                if (method instanceof Srds srds && srds.blocks() != Srds.SQUARE && srds.blocks() > mostBlocks) {
                    continue;
                }
                Sample sample = sampler.sample(List.of(request.withMethod(method)), endless(3 * rows + 3)).get(0);
                assertEquals(Status.COMPLETED, sample.status(), what + ", " + method);
                assertArrayEquals(sequential, sample.values(), what + ", " + method);
                assertEquals(rows, sample.stats().finalRows());
            }
        }
    }

    /** A run that goes round for ever fails. */
    private static RunOptions endless(int most) {
        return RunOptions.defaults().withListener(progress -> assertTrue(progress.round() <= most, "no end"));
    }
}
