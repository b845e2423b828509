package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Memory closed at random moments while another thread works on it, 20 times each: either the close is refused and the
 * work goes on, or the work is refused from then on; never a crash, and in the end all memory is given back.
 */
@Timeout(120)
class CloseUnderWorkTest {
    private static final int CLOSES = 20;
    private static final int ROWS = 64;
    private static final int DIM = 1024;
    private static final Device DEVICE = Device.byDefault();

    private final long before = NativeMemory.allocatedBytes();
    private final CloseRace race = new CloseRace();

    @Test
    void buffers() throws Exception {
        for (int close = 0; close < CLOSES; close++) {
            Buffer closing = DEVICE.allocate(ROWS, DIM);
            try (Buffer kept = DEVICE.allocate(ROWS, DIM); Queue queue = DEVICE.queue()) {
                RowProgram program = new RowProgram();
                RowQuantiles quantiles = new RowQuantiles();
                Runnable[] works = {() -> update(queue, program, closing, kept),
                        () -> update(queue, program, kept, closing), () -> quantiles(queue, quantiles, closing),
                        () -> closing.write(3, new float[DIM]), () -> queue.read(closing, 3, new float[DIM], 0)};
                race.run("Buffer", closing, works[close % works.length]);
            }
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    private static void update(Queue queue, RowProgram program, Buffer from, Buffer to) {
        program.clear();
        for (int r = 0; r < ROWS; r++) {
            program.into(to, r).plus(2, from, r).squares();
            program.copy(from, r, to, r);
        }
        queue.run(program);
        queue.await();
    }

    private static void quantiles(Queue queue, RowQuantiles list, Buffer rows) {
        list.clear();
        for (int r = 0; r < ROWS; r++) {
            list.add(rows, r, 0.5);
        }
        queue.quantiles(list);
    }

    @Test
    void queuesAndInnerProducts() throws Exception {
        try (Buffer from = DEVICE.allocate(ROWS, DIM); Buffer to = DEVICE.allocate(ROWS, DIM)) {
            for (int close = 0; close < CLOSES; close++) {
                Queue updating = DEVICE.queue();
                RowProgram program = new RowProgram();
                race.run("Queue", updating, () -> update(updating, program, from, to));
                Queue queue = DEVICE.queue();
                GramState grams = new GramState(8);
                WindowTable windows = new WindowTable();
                race.run("windows", close % 2 == 0 ? grams : queue, () -> windows(queue, windows, grams, from, to));
                queue.close();
                grams.close();
            }
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    private static void windows(Queue queue, WindowTable windows, GramState grams, Buffer from, Buffer to) {
        windows.clear();
        windows.begin(2, 1, grams, 0);
        for (int i = 0; i < 8; i++) {
            windows.row(from, i, to, 2 * i, to, 2 * i + 1);
            windows.plus(0.5, from, i + 8);
        }
        queue.measure(windows);
        queue.await();
        for (int i = 0; i < 8; i++) {
            windows.use(i, 2, false);
        }
        for (int again = 0; again < 50; again++) {
            queue.weigh(windows);
        }
    }
}
