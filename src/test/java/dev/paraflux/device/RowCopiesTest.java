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
    private static final Device CPU = Device.cpu();

    private final RowCopies copies = new RowCopies();

    @AfterEach
    void close() {
        copies.close();
    }

    /** 37 rows, more than the list begins with. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 17, 255, 784, 4097})
    void rowsArriveBitForBit(int dim) {
        Random random = new Random(dim);
        int rows = 37;
        try (Buffer from = CPU.allocate(rows, dim); Buffer to = CPU.allocate(rows + 1, dim)) {
            float[][] values = new float[rows][dim];
            for (int r = 0; r < rows; r++) {
                for (int e = 0; e < dim; e++) {
                    values[r][e] = Float.intBitsToFloat(random.nextInt() & 0xbfffffff);
                }
                from.write(r, values[r]);
                copies.add(from, r, to, rows - 1 - r);
            }
            assertEquals(rows, copies.rows());
            copies.copy();
            for (int r = 0; r < rows; r++) {
                assertArrayEquals(values[r], read(to, rows - 1 - r), "row " + r);
                assertArrayEquals(values[r], read(from, r), "source " + r);
            }
            assertArrayEquals(new float[dim], read(to, rows), "the row after the targets");
        }
    }

    @Test
    void oneRowMayBeTheSourceOfMany() {
        try (Buffer buffer = CPU.allocate(3, 2)) {
            buffer.write(0, new float[] {Float.NaN, -0f});
            copies.add(buffer, 0, buffer, 1);
            copies.add(buffer, 0, buffer, 2);
            copies.copy();
            assertArrayEquals(new float[] {Float.NaN, -0f}, read(buffer, 1));
            assertArrayEquals(new float[] {Float.NaN, -0f}, read(buffer, 2));
        }
    }

    @Test
    void clearedListCopiesNothingAndTakesRowsOfAnotherLength() {
        try (Buffer two = CPU.allocate(2, 2); Buffer three = CPU.allocate(2, 3)) {
            two.write(0, new float[] {1, 2});
            three.write(0, new float[] {3, 4, 5});
            copies.add(two, 0, two, 1);
            copies.clear();
            assertEquals(0, copies.rows());
            copies.copy();
            assertArrayEquals(new float[2], read(two, 1));
            copies.add(three, 0, three, 1);
            copies.copy();
            assertArrayEquals(new float[] {3, 4, 5}, read(three, 1));
        }
    }

    @Test
    void misuseIsRefused() {
        Buffer closed = CPU.allocate(2, 2);
        try (Buffer two = CPU.allocate(2, 2); Buffer three = CPU.allocate(2, 3)) {
            assertThrows(IllegalArgumentException.class, () -> copies.add(two, 0, three, 0));
            copies.clear();
            assertThrows(IndexOutOfBoundsException.class, () -> copies.add(two, 0, two, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> copies.add(two, -1, two, 0));
            copies.clear();
            copies.add(two, 0, closed, 1);
            closed.close();
            assertThrows(IllegalStateException.class, copies::copy);
            assertThrows(IllegalStateException.class, () -> copies.add(closed, 0, two, 1));
        }
    }

    private static float[] read(Buffer buffer, int row) {
        float[] values = new float[buffer.dim()];
        buffer.read(row, values);
        return values;
    }
}
