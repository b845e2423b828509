package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** What every device keeps to; a device's test inherits it. Rows are reached by queues alone. */
abstract class DeviceContract {
    /** The device under test. */
    abstract Device device();

    @Test
    void rowsBeginAsZeros() {
        for (int dim : new int[] {1, 17, 4097}) {
            for (int attempt = 0; attempt < 2; attempt++) {
                try (Buffer rows = device().allocate(3, dim); Queue queue = device().queue()) {
                    for (int r = 0; r < 3; r++) {
                        float[] found = new float[dim];
                        java.util.Arrays.fill(found, 7);
                        queue.read(rows, r, found, 0);
                        queue.await();
                        assertArrayEquals(new float[dim], found, "row " + r);
                        // For the next attempt, which may be given the same memory.
                        java.util.Arrays.fill(found, 7);
                        queue.write(found, 0, rows, r);
                    }
                    queue.await();
                }
            }
        }
    }

    @Test
    void buffersAndQueuesKnowTheirDevice() {
        try (Buffer rows = device().allocate(3, 5); Queue queue = device().queue(); Queue another = device().queue()) {
            assertSame(device(), rows.device());
            assertSame(device(), queue.device());
            assertNotSame(queue, another);
            assertEquals(3, rows.rows());
            assertEquals(5, rows.dim());
            assertEquals(60, rows.bytes());
        }
    }

    @Test
    void sizesThatNoBufferHasAreRefused() {
        for (int size : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> device().allocate(size, 1));
            assertThrows(IllegalArgumentException.class, () -> device().allocate(1, size));
        }
        assertThrows(OutOfMemoryError.class, () -> device().allocate(Integer.MAX_VALUE, Buffer.MAX_DIM));
    }

    @Test
    void whatIsClosedTwiceIsClosed() {
        Buffer rows = device().allocate(1, 1);
        Queue queue = device().queue();
        for (int time = 0; time < 2; time++) {
            rows.close();
            queue.close();
        }
        assertThrows(IllegalStateException.class, rows::acquire);
        assertThrows(IllegalStateException.class, queue::await);
    }

    @Test
    void memoryIsGivenBack() {
        long before = NativeMemory.allocatedBytes();
        RowProgram program = new RowProgram();
        for (int time = 0; time < 3; time++) {
            try (Buffer rows = device().allocate(100, 33); Queue queue = device().queue()) {
                program.clear();
                for (int r = 1; r < 100; r++) {
                    program.copy(rows, 0, rows, r);
                }
                queue.run(program);
                queue.await();
            }
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }
}
