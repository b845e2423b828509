package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowCopiesTest {
    private static final Device DEVICE = Device.byDefault();

    private final RowProgram copies = new RowProgram();
    private final Queue queue = DEVICE.queue();

    @AfterEach
    void close() {
        queue.close();
    }

    private void run() {
        queue.run(copies);
        queue.await();
    }

    /** 37 rows, more than the program begins with. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 17, 255, 784, 4097})
    void rowsArriveBitForBit(int dim) {
        Random random = new Random(dim);
        int rows = 37;
        try (Buffer from = DEVICE.allocate(rows, dim); Buffer to = DEVICE.allocate(rows + 1, dim)) {
            float[][] values = new float[rows][dim];
            for (int r = 0; r < rows; r++) {
                for (int e = 0; e < dim; e++) {
                    values[r][e] = Float.intBitsToFloat(random.nextInt() & 0xbfffffff);
                }
                from.write(r, values[r]);
                copies.copy(from, r, to, rows - 1 - r);
            }
            assertEquals(rows, copies.rows());
            run();
            for (int r = 0; r < rows; r++) {
                assertArrayEquals(values[r], read(to, rows - 1 - r), "row " + r);
                assertArrayEquals(values[r], read(from, r), "source " + r);
            }
            assertArrayEquals(new float[dim], read(to, rows), "the row after the targets");
        }
    }

    @Test
    void oneRowMayBeTheSourceOfMany() {
        try (Buffer buffer = DEVICE.allocate(3, 2)) {
            buffer.write(0, new float[] {Float.NaN, -0f});
            copies.copy(buffer, 0, buffer, 1);
            copies.copy(buffer, 0, buffer, 2);
            run();
            assertArrayEquals(new float[] {Float.NaN, -0f}, read(buffer, 1));
            assertArrayEquals(new float[] {Float.NaN, -0f}, read(buffer, 2));
        }
    }

    @Test
    void clearedProgramCopiesNothingAndTakesRowsOfAnotherLength() {
        try (Buffer two = DEVICE.allocate(2, 2); Buffer three = DEVICE.allocate(2, 3)) {
            two.write(0, new float[] {1, 2});
            three.write(0, new float[] {3, 4, 5});
            copies.copy(two, 0, two, 1);
            copies.clear();
            assertEquals(0, copies.rows());
            run();
            assertArrayEquals(new float[2], read(two, 1));
            copies.copy(three, 0, three, 1);
            run();
            assertArrayEquals(new float[] {3, 4, 5}, read(three, 1));
        }
    }

    /** In order: a copy of a copy, and one over what was copied before. */
    @Test
    void copiesRunInOrder() {
        try (Buffer buffer = DEVICE.allocate(3, 2)) {
            buffer.write(0, new float[] {1, 2});
            buffer.write(2, new float[] {3, 4});
            copies.copy(buffer, 0, buffer, 1);
            copies.copy(buffer, 2, buffer, 0);
            copies.copy(buffer, 1, buffer, 2);
            run();
            assertArrayEquals(new float[] {3, 4}, read(buffer, 0));
            assertArrayEquals(new float[] {1, 2}, read(buffer, 2));
        }
    }

    @Test
    void aRowOverItselfIsRefused() {
        try (Buffer buffer = DEVICE.allocate(3, 2)) {
            assertEquals("toRow 2: must be another row than the source",
                    assertThrows(IllegalArgumentException.class, () -> copies.copy(buffer, 2, buffer, 2)).getMessage());
            assertEquals(0, copies.rows());
        }
    }

    @Test
    void misuseIsRefused() {
        Buffer closed = DEVICE.allocate(2, 2);
        try (Buffer two = DEVICE.allocate(2, 2); Buffer three = DEVICE.allocate(2, 3)) {
            assertThrows(IllegalArgumentException.class, () -> copies.copy(two, 0, three, 0));
            copies.clear();
            assertThrows(IndexOutOfBoundsException.class, () -> copies.copy(two, 0, two, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> copies.copy(two, -1, two, 0));
            copies.clear();
            copies.copy(two, 0, closed, 1);
            closed.close();
            assertThrows(IllegalStateException.class, this::run);
            assertThrows(IllegalStateException.class, () -> copies.copy(closed, 0, two, 1));
        }
    }

    private static float[] read(Buffer buffer, int row) {
        float[] values = new float[buffer.dim()];
        buffer.read(row, values);
        return values;
    }
}
