package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

/** Once lists and a queue have had their size, a round of work allocates nothing, on the heap or beside it. */
class QueueAllocationTest {
    private static final int ROUNDS = 1000;

    private final RowProgram program = new RowProgram();
    private final WindowTable windows = new WindowTable();
    private final GramTable groups = new GramTable();
    private final RowQuantiles quantiles = new RowQuantiles();
    private final float[] values = new float[7];
    private final FloatBuffer direct = ByteBuffer.allocateDirect(28).asFloatBuffer();
    private double sum;

    private void round(Queue queue, Buffer rows, GramState grams) {
        program.clear();
        windows.clear();
        groups.clear();
        quantiles.clear();
        queue.write(values, 0, rows, 0);
        for (int i = 0; i < 20; i++) {
            program.into(rows, i + 1).plus(0.5, rows, i).plus(0.25, rows, 30).compare(rows, i + 1, -1, 1);
            program.row().plus(1, rows, i + 1).squares();
            program.copy(rows, i, rows, 31);
            windows.begin(2, 1e-3, grams, i);
            windows.row(rows, i, rows, 40 + i, rows, 60 + i);
            windows.plus(1, rows, 30);
            windows.old(1, rows, 32);
            groups.group(2);
            groups.row().plus(1, rows, i).row().plus(-1, rows, 30);
            quantiles.add(rows, i, 0.5);
        }
        queue.run(program);
        queue.measure(windows);
        queue.gram(groups);
        queue.quantiles(quantiles);
        queue.read(rows, 20, values, 0);
        queue.read(rows, 20, direct);
        queue.await();
        for (int i = 0; i < 20; i++) {
            windows.use(i, 2, false);
        }
        queue.weigh(windows);
        sum += program.sum(1) + windows.meanSquare(3) + windows.weight(19, 1) + groups.inner(2, 0, 1)
                + quantiles.value(7);
        assertEquals(WindowTable.Outcome.class, windows.outcome(0).getClass());
    }

    @Test
    void aRoundAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        try (Buffer rows = Device.cpu().allocate(80, 7);
                Queue queue = Device.cpu().queue();
                GramState grams = new GramState(20)) {
            long least = Long.MAX_VALUE;
            long beside = 0;
            // The compiler may allocate where it has not compiled yet, and stops doing so.
            for (int attempt = 0; attempt < 20 && least > 0; attempt++) {
                long before = threads.getThreadAllocatedBytes(thread);
                beside = NativeMemory.allocatedBytes();
                for (int r = 0; r < ROUNDS; r++) {
                    round(queue, rows, grams);
                }
                least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
            }
            assertEquals(beside, NativeMemory.allocatedBytes());
            assertTrue(least < ROUNDS, least + " bytes in " + ROUNDS + " rounds; " + sum);
        }
    }
}
