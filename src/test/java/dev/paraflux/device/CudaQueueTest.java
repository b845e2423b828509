package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CudaQueueTest extends QueueContract {
    private static final int LONG = 1 << 20;

    @Override
    Device device() {
        return CudaTests.device();
    }

    /** What is under way lies in pinned memory until it has been waited for: of 256 MB a queue waits of itself. */
    @Test
    void aQueueThatNobodyWaitsForKeepsNoMoreThanItMay() {
        long before = NativeMemory.allocatedBytes();
        long most = 0;
        float[] row = new float[LONG];
        row[7] = 7;
        try (Buffer rows = device().allocate(1, LONG); Queue queue = device().queue()) {
            queue.write(row, 0, rows, 0);
            for (int time = 0; time < 200; time++) {
                queue.read(rows, 0, row, 0);
                most = Math.max(most, NativeMemory.allocatedBytes() - before);
            }
            row[7] = 0;
            queue.read(rows, 0, row, 0);
            queue.await();
        }
        assertEquals(7, row[7]);
        assertTrue(most < 700L << 20, most + " bytes");
        assertEquals(before, NativeMemory.allocatedBytes());
    }
}
