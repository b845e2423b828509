package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** PLMS against the published sampler, written plainly as a loop with a counter and a list of past eps. */
class PlmsTest {
    private static final double START = 0.7;

    @ParameterizedTest
    @EnumSource
    void plmsIsThePublishedSampler(Prediction prediction) {
        for (int steps : new int[] {1, 2, 3, 4, 9}) {
            for (TimeGrid grid : SolverGrids.uneven(steps)) {
                TriangularSystem system = new Plms().system(grid, prediction);
                double expected = plms(grid);
                assertEquals(expected, new DoubleRun(system, START).last(), 1e-9 * Math.max(1, Math.abs(expected)));
                assertEquals(steps == 1 ? 1 : steps + 1, system.rows());
            }
        }
    }

    private static double plms(TimeGrid grid) {
        List<Double> ets = new ArrayList<>();
        double x = START;
        double first = START;
        int level = 0;
        int calls = grid.steps() == 1 ? 1 : grid.steps() + 1;
        for (int counter = 0; counter < calls; counter++) {
            double output = MixtureTruth.epsilon(x, grid.level(level));
            if (counter == 1) {
                x = transfer(first, grid.level(0), grid.level(1), (output + ets.get(0)) / 2);
                continue;
            }
            ets.add(0, output);
            double mean = switch (ets.size()) {
                case 1 -> output;
                case 2 -> (3 * ets.get(0) - ets.get(1)) / 2;
                case 3 -> (23 * ets.get(0) - 16 * ets.get(1) + 5 * ets.get(2)) / 12;
                default -> (55 * ets.get(0) - 59 * ets.get(1) + 37 * ets.get(2) - 9 * ets.get(3)) / 24;
            };
            x = transfer(x, grid.level(level), grid.level(level + 1), mean);
            level++;
        }
        return x;
    }

    private static double transfer(double x, NoiseLevel at, NoiseLevel next, double epsilon) {
        return next.alpha() * ((x - at.sigma() * epsilon) / at.alpha()) + next.sigma() * epsilon;
    }

    @Test
    void anErrorFallsWithTheSquareOfTheSteps() {
        assertTrue(MixtureTruth.order(new Plms(), Prediction.EPSILON, 40, 80) > 1.8);
    }

    @Test
    void noSignalIsRefused() {
        TimeGrid grid = new TimeGrid(List.of(new NoiseLevel(2, 0, 1), new NoiseLevel(1, 0.6, 0.8),
                new NoiseLevel(0, 1, 0)));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Plms().system(grid, Prediction.VELOCITY))
                .getMessage().startsWith("alpha of row 0 (time 2.0) 0.0: must be above 0"));
    }
}
