package dev.paraflux.method.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Method;
import dev.paraflux.method.Runs;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of as many terms as a row may have, that look back on four rows: also where a core has no four rows yet. */
class CoreLookbackTest {
    private static final int DIM = 6;
    private static final int STEPS = 14;

    /** Three states, four predictions and noise: eight terms. Its factors have no other meaning. */
    private record FullRows() implements Solver {
        @Override
        public TriangularSystem system(TimeGrid grid, Prediction prediction) {
            var rows = new TriangularSystem.Builder(grid.level(0), prediction);
            for (int i = 1; i <= grid.steps(); i++) {
                rows.row(grid.level(i), i - 1).noise(0.1);
                double[] states = {0.8, 0.1, 0.05};
                double[] predictions = {0.3, -0.1, 0.08, -0.05};
                for (int k = 0; k < Math.min(i, 4); k++) {
                    rows.prediction(i - 1 - k, predictions[k]);
                    if (k < 3) {
                        rows.state(i - 1 - k, states[k]);
                    }
                }
            }
            return rows.build();
        }
    }

    @ParameterizedTest
    @EnumSource
    void fullRowsAreSolvedToTheBit(Prediction prediction) {
        TestDenoisers.Recording model = TestDenoisers.of(DIM, prediction,
                (x, level, condition, e) -> x / (1 + x * x) + 0.1 * e);
        Runs runs = new Runs(model, TestGrids.angles(STEPS, 1.4), new FullRows());
        Request request = Request.seed(3);
        float[] expected = runs.sequential(request);
        for (Method method : List.of(Srds.defaults().withBlocks(3).withStop(StopRule.values(0)),
                Srds.defaults().withBlocks(2).withStop(StopRule.values(0)).withPipelined(false),
                Chords.ofCores(3).withStop(StopRule.values(0)))) {
            Sample sample = runs.run(method, request);
            assertEquals(Status.COMPLETED, sample.status());
            assertArrayEquals(expected, sample.values(), method.toString());
        }
    }
}
