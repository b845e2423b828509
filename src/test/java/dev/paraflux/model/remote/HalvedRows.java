package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import java.util.Arrays;

/** Calls of a model that answers half of each row, whoever evaluates it: {@link FakeServer#half}. */
final class HalvedRows {
    private HalvedRows() {}

    /** Evaluates so many rows, and looks at every value of the answers. */
    static void evaluate(RemoteDenoiser model, int rows) {
        evaluate(model, rows, Long.MAX_VALUE);
    }

    /** @param until the time from which on nobody waits for them, by {@link System#nanoTime} */
    static void evaluate(RemoteDenoiser model, int rows, long until) {
        try (Buffer states = Device.cpu().allocate(rows, model.dim());
                Buffer predictions = Device.cpu().allocate(rows, model.dim())) {
            Batch batch = new Batch(rows);
            batch.begin(states, 0, predictions, 0);
            float[] row = new float[model.dim()];
            for (int i = 0; i < rows; i++) {
                Arrays.fill(row, 1 + i);
                states.write(i, row);
                batch.add(TestGrids.linear(10).level(i % 10), Condition.label(i % 10));
            }
            batch.unwantedWhen(() -> System.nanoTime() > until);
            batch.evaluateBy(model);
            float[] expected = new float[model.dim()];
            for (int i = 0; i < rows; i++) {
                Arrays.fill(expected, 0.5f * (1 + i));
                predictions.read(i, row);
                assertArrayEquals(expected, row);
            }
        }
    }
}
