package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.device.Queue;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What calls of a module on a device share: one queue at a time works on it. */
class TorchDeviceCallsTest {
    private static final CountingDevice THERE = new CountingDevice(false);

    @TempDir
    private static Path folder;

    private static PretrainedDenoiser load() throws IOException {
        Path file = TestModules.plain(folder);
        return PretrainedDenoiser.load(new StandIn(THERE), file, ModelCard.read(ModelCard.beside(file)),
                LoadOptions.DEFAULT);
    }

    /** Several threads would give work to one queue, which is for one. */
    @Test
    void thereAreNoReplicasThere() throws IOException {
        try (PretrainedDenoiser model = load()) {
            model.setReplicas(1);
            assertEquals("replicas 2: must be 1 on " + THERE + ", where a call is evaluated as a whole",
                    assertThrows(IllegalValueException.class, () -> model.setReplicas(2)).getMessage());
            assertEquals(1, model.mostReplicas());
        }
    }

    /** Warming up writes the rows that calls of all sizes share, on a queue of the model's own. */
    @Test
    void sizesAreWarmedUpWhenTheCallBeforeIsDone() throws IOException {
        try (PretrainedDenoiser model = load();
                Buffer rows = THERE.allocate(16, model.dim());
                Queue queue = THERE.queue()) {
            Batch batch = new Batch(8);
            int[] waits = new int[4];
            for (int call = 0; call < waits.length; call++) {
                THERE.reset();
                if (call == 2) {
                    model.prepare(2);
                }
                int size = new int[] {1, 8, 8, 8}[call];
                batch.begin(queue, rows, 0, rows, 8);
                for (int row = 0; row < size; row++) {
                    batch.add(TestGrids.linear(10).level(1), Condition.none());
                }
                model.evaluate(batch);
                waits[call] = THERE.waitsForAll();
            }
            assertArrayEquals(new int[] {1, 2, 2, 0}, waits, "before warming up, and before the queue goes on");
        }
    }
}
