package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The counting device is a device like any other, and counts. */
class CountingDeviceTest extends QueueContract {
    private final CountingDevice device = new CountingDevice();

    @Override
    Device device() {
        return device;
    }

    /** However many rows, windows and groups: one call of each kind; none for what is empty. */
    @Test
    void everyKindOfWorkIsOneCall() {
        try (Buffer rows = device.allocate(40, 5); Queue queue = device.queue(); GramState grams = new GramState(20)) {
            RowProgram program = new RowProgram();
            WindowTable windows = new WindowTable();
            GramTable groups = new GramTable();
            RowQuantiles quantiles = new RowQuantiles();
            for (int time = 0; time < 2; time++) {
                device.reset();
                queue.run(program);
                queue.measure(windows);
                queue.gram(groups);
                queue.quantiles(quantiles);
                queue.await();
                queue.weigh(windows);
                assertEquals(time == 0 ? 0 : 5, device.calls());
                assertEquals(time == 0 ? 0 : 1, device.programs());
                assertEquals(time == 0 ? 0 : 1, device.measures());
                assertEquals(time == 0 ? 0 : 1, device.weighings());
                assertEquals(time == 0 ? 0 : 1, device.grams());
                assertEquals(time == 0 ? 0 : 1, device.quantiles());
                assertEquals(1, device.waits());
                for (int i = 0; i < 10; i++) {
                    program.into(rows, 3 * i).plus(2, rows, 1).squares();
                    program.copy(rows, 0, rows, 39);
                    windows.begin(1, 0, grams, i);
                    windows.use(window(windows, rows, i), 1, true);
                    groups.group(1);
                    groups.row().plus(1, rows, i);
                    quantiles.add(rows, i, 0.5);
                }
            }
        }
    }

    private static int window(WindowTable windows, Buffer rows, int i) {
        int row = windows.rows();
        windows.row(rows, 0, rows, 10 + i, rows, 20 + i);
        windows.plus(1, rows, 0);
        return row;
    }

    @Test
    void nothingToWeighIsNoCall() {
        try (Buffer rows = device.allocate(40, 5); Queue queue = device.queue(); GramState grams = new GramState(20)) {
            WindowTable windows = new WindowTable();
            windows.begin(1, 0, null, 0);
            windows.use(window(windows, rows, 0), 1, true);
            windows.begin(2, 0, grams, 0);
            window(windows, rows, 1);
            queue.measure(windows);
            queue.await();
            queue.weigh(windows);
            assertEquals(0, device.weighings());
        }
    }

    @Test
    void copiesAndQueuesAreCounted() {
        device.reset();
        try (Buffer rows = device.allocate(1, 2); Queue queue = device.queue()) {
            queue.write(new float[2], 0, rows, 0);
            queue.read(rows, 0, java.nio.FloatBuffer.allocate(2));
            assertEquals(2, device.copies());
            assertEquals(1, device.queues());
            assertEquals(0, device.waits());
        }
    }
}
