package dev.paraflux.method.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverUpTo;
import dev.paraflux.solver.Solver;
import org.junit.jupiter.api.Test;

/** Cores keep what they look back on, and nothing of the other rows. */
class CoreMemoryTest {
    private static final int DIM = 64;
    private static final int STEPS = 961;
    private static final int BLOCKS = 31;

    /** A state, a prediction and a coarse step for each core: sqrt(N) + 1 of them. */
    @Test
    void blocksTakeThreeRowsACore() {
        assertEquals(3 * (BLOCKS + 1), rows(Srds.defaults(), new Ddim(), 1));
        assertEquals(3 * (BLOCKS + 1), rows(Srds.defaults().withBlocks(BLOCKS), new Ddim(), 1));
        assertEquals(5 * 3 * (BLOCKS + 1), rows(Srds.defaults(), new Ddim(), 5));
        assertTrue(20 * rows(Srds.defaults(), new Ddim(), 1) < rows(
                ParaTaa.defaults().withWindow(ParaTaa.ALL).withHistory(1), new Ddim(), 1));
    }

    @Test
    void everyRowThatIsLookedBackOnIsOneMoreOfEachKind() {
        assertEquals(5 * (BLOCKS + 1), rows(Srds.defaults(), new DpmSolverUpTo(2), 1));
    }

    @Test
    void coresOfChordsTakeAsMuch() {
        assertEquals(3 * 8, rows(Chords.ofCores(8), new Ddim(), 1));
        // A single one takes no coarse step.
        assertEquals(2, rows(Chords.ofCores(1), new Ddim(), 1));
    }

    private static long rows(Method method, Solver solver, int samples) {
        try (Buffer start = Device.cpu().allocate(samples, DIM)) {
            Problem problem = new Problem(solver.system(TestGrids.angles(STEPS, 1.4), Prediction.EPSILON),
                    Device.cpu(), samples, DIM, start, null);
            try (Method.Workspace workspace = method.allocate(problem)) {
                assertEquals(0, workspace.bytes() % (DIM * Float.BYTES));
                return workspace.bytes() / (DIM * Float.BYTES);
            }
        }
    }
}
