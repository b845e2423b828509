package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.CloseRace;
import dev.paraflux.device.Device;
import dev.paraflux.device.NativeMemory;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.Ddim;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Things closed at random moments while another thread works with them, 20 times each: either the close is refused and
 * the work goes on, or the work is refused from then on; never a crash, and in the end all memory is given back.
 */
@Timeout(120)
class CloseUnderUseTest {
    private static final int CLOSES = 20;
    private static final int ROWS = 64;
    private static final int DIM = 1024;
    private static final Device CPU = Device.cpu();

    private final long before = NativeMemory.allocatedBytes();
    private final CloseRace race = new CloseRace();

    /** Closed while its rows are being computed. */
    @Test
    void workspacesUnderKernels() throws Exception {
        var system = new Ddim().system(TestGrids.linear(6), Prediction.EPSILON);
        for (int close = 0; close < CLOSES; close++) {
            Method method = List.of(ParaTaa.defaults(), Srds.defaults(), new Sequential()).get(close % 3);
            try (Buffer start = CPU.allocate(1, DIM); Queue queue = CPU.queue()) {
                RowProgram rows = new RowProgram();
                Method.Workspace workspace = method.allocate(new Problem(system, CPU, 1, DIM, start, null));
                workspace.solve(0).restart(new dev.paraflux.method.Work(queue), 0);
                Buffer row = workspace.solve(0).result() == start ? workspaceRow(workspace)
                        : workspace.solve(0).result();
                race.run("Workspace", workspace, () -> square(queue, rows, row));
            }
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    /** The states of a sequential run, which begins in the start row. */
    private static Buffer workspaceRow(Method.Workspace workspace) {
        dev.paraflux.method.Round round = new dev.paraflux.method.Round();
        workspace.solve(0).request(round);
        return round.predictions(0);
    }

    private static void square(Queue queue, RowProgram program, Buffer rows) {
        program.clear();
        for (int again = 0; again < ROWS; again++) {
            program.row().plus(2, rows, 0).squares();
        }
        queue.run(program);
        queue.await();
    }

    /** A sampler ends its runs, a model that is in use refuses. */
    @Test
    void samplersAndModelsUnderARun() throws Exception {
        for (int close = 0; close < CLOSES; close++) {
            Guidance model = Guidance.of(TestDenoisers.idle(DIM), 3);
            Sampler sampler = Sampler.builder(model, TestGrids.linear(8))
                    .method(close % 2 == 0 ? ParaTaa.defaults() : Srds.defaults()).build();
            int count = 1 + close % 2;
            race.run("Sampler or model", close % 4 < 2 ? sampler : model, () -> sampler
                    .sample(List.of(Request.seed(1), Request.seed(2)).subList(0, count)));
            sampler.close();
            model.close();
            assertThrows(IllegalStateException.class, () -> sampler.sample(Request.seed(1)));
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }
}
