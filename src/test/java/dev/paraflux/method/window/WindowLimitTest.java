package dev.paraflux.method.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.device.Warnings;
import dev.paraflux.method.Method;
import dev.paraflux.method.Runs;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.TriangularSystem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far a window follows the number of rows. */
class WindowLimitTest {
    private static final ParaTaa DEFAULTS = ParaTaa.defaults();

    private static TriangularSystem system(int rows) {
        return new Ddim().system(TestGrids.angles(rows, 1.5), Prediction.EPSILON);
    }

    /** (2 history + 2) times 4 bytes a value, in 256 MiB. */
    @ParameterizedTest
    @CsvSource({"1000, 784, 3, 1000", "1000, 16384, 3, 512", "400, 16384, 3, 400", "1000, 16384, 1, 1000",
            "1000, 49152, 8, 100", "1000, 1000000000, 8, 100", "60, 1000000000, 8, 60"})
    void allRowsAreAsManyAsMemoryHasRoomFor(int rows, int dim, int history, int expected) {
        assertEquals(expected, DEFAULTS.withHistory(history).settings(null).rows(system(rows), dim));
    }

    @Test
    void aWindowOfItsOwnIsTakenAsItIs() {
        assertEquals(900, DEFAULTS.withWindow(900).settings(null).rows(system(1000), 1_000_000));
        assertEquals(40, DEFAULTS.withWindow(900).settings(null).rows(system(40), 1_000_000));
    }

    @Test
    void aWindowThatMemoryLimitsIsToldOfOnce() {
        try (Warnings warnings = new Warnings()) {
            for (Method method : List.of(DEFAULTS.withWindow(101), DEFAULTS, SparseParaTaa.defaults(),
                    Picard.defaults().withWindow(ParaTaa.ALL).withMaxRounds(3), DEFAULTS)) {
                method.requireSuits(system(137), 1_000_000);
                method.requireSuits(system(137), 100);
            }
            List<String> told = warnings.naming("137");
            // Picard keeps one iterate, and has no room for more rows for all that.
            assertEquals(1, told.size(), told.toString());
            assertTrue(told.get(0)
                    .startsWith("WARNING 137 rows of 1000000 values are solved in a window of 100: more would"
                            + " take over 256 MiB a sample."),
                    told.get(0));
            assertTrue(told.get(0).endsWith("withWindow(137)"), told.get(0));
        }
    }

    /** The first round of ParaTAA asks for every row. */
    @Test
    void byDefaultAllRowsAreUnderWay() {
        try (Denoiser model = TestDenoisers.of(2, Prediction.EPSILON, (x, level, condition, e) -> 0.5 * x)) {
            Runs runs = new Runs(model, TestGrids.angles(300, 1.5), new Ddim());
            assertEquals(300, runs.run(DEFAULTS.withMaxRounds(1), Request.seed(1)).stats().evaluations());
        }
    }
}
