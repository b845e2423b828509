package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.FloatBuffer;
import java.util.Arrays;
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
                        Arrays.fill(found, 7);
                        queue.read(rows, r, found, 0);
                        queue.await();
                        assertArrayEquals(new float[dim], found, "row " + r);
                        // For the next attempt, which may be given the same memory.
                        Arrays.fill(found, 7);
                        queue.write(found, 0, rows, r);
                    }
                    queue.await();
                }
            }
        }
    }

    /** Beside all queues, and in pieces where a device's are shorter than a row. */
    @Test
    void rowsOfAnyLengthAreWrittenAndReadWhole() {
        for (int dim : new int[] {1, 16384, 16385, 50_000}) {
            float[] given = new float[dim + 3];
            for (int e = 0; e < given.length; e++) {
                given[e] = e + 0.5f;
            }
            try (Buffer rows = device().allocate(3, dim)) {
                rows.write(1, given, 2);
                rows.write(2, FloatBuffer.wrap(given).position(3));
                for (int row = 1; row < 3; row++) {
                    float[] expected = Arrays.copyOfRange(given, row + 1, row + 1 + dim);
                    float[] found = new float[dim + 1];
                    rows.read(row, found, 1);
                    assertArrayEquals(expected, Arrays.copyOfRange(found, 1, dim + 1));
                    rows.read(row, FloatBuffer.wrap(found).limit(dim));
                    assertArrayEquals(expected, Arrays.copyOf(found, dim));
                    assertEquals(expected[dim - 1], rows.get(row, dim - 1));
                }
                float[] found = new float[dim];
                rows.read(0, found, 0);
                assertArrayEquals(new float[dim], found);
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
