package dev.paraflux.device;

import static dev.paraflux.device.RandomRows.fill;
import static dev.paraflux.device.RandomRows.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Tolerances;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle is a plain loop in double; the native call must give its bits after the one rounding to float. */
class RowTableTest {
    private static final Device CPU = Device.cpu();
    private static final int INPUTS = RowTable.MAX_TERMS;

    private final RowTable table = new RowTable();

    @AfterEach
    void close() {
        table.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 17, 255, 784, 4097})
    void updateIsThePlainSum(int dim) {
        Random random = new Random(dim);
        try (Buffer inputs = CPU.allocate(INPUTS, dim); Buffer outputs = CPU.allocate(INPUTS + 1, dim)) {
            float[][] x = fill(inputs, random);
            for (int trial = 0; trial < 5; trial++) {
                table.clear();
                float[][] expected = new float[RowTable.MAX_TERMS][];
                for (int row = 0; row < RowTable.MAX_TERMS; row++) {
                    table.into(outputs, row);
                    expected[row] = rounded(addTerms(row + 1, inputs, x, random));
                }
                assertEquals(RowTable.MAX_TERMS, table.rows());
                table.update();
                for (int row = 0; row < RowTable.MAX_TERMS; row++) {
                    assertArrayEquals(expected[row], read(outputs, row), (row + 1) + " terms, dim " + dim);
                }
                assertArrayEquals(new float[dim], read(outputs, INPUTS), "the row after the outputs");
                assertArrayEquals(x[0], read(inputs, 0), "an input");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 17, 255, 784, 4097})
    void normsAreThePlainSumOfSquaresAndRepeatToTheBit(int dim) {
        Random random = new Random(dim);
        try (Buffer inputs = CPU.allocate(INPUTS, dim)) {
            float[][] x = fill(inputs, random);
            double[] expected = new double[RowTable.MAX_TERMS];
            for (int row = 0; row < expected.length; row++) {
                table.row();
                for (double value : addTerms(row + 1, inputs, x, random)) {
                    expected[row] += value * value;
                }
            }
            table.norms();
            for (int row = 0; row < expected.length; row++) {
                assertEquals(1, table.sum(row) / expected[row], Tolerances.DOUBLE_SUM, (row + 1) + " terms");
                expected[row] = table.sum(row);
            }
            table.norms();
            for (int row = 0; row < expected.length; row++) {
                assertEquals(expected[row], table.sum(row), "the second time");
            }
        }
    }

    @Test
    void aSumDoesNotDependOnTheRowsAroundIt() {
        try (Buffer inputs = CPU.allocate(INPUTS, 4097)) {
            fill(inputs, new Random(1));
            table.row().plus(1, inputs, 5);
            table.norms();
            double alone = table.sum(0);
            table.clear();
            for (int row = 0; row < INPUTS; row++) {
                table.row().plus(1, inputs, row);
            }
            table.norms();
            assertEquals(alone, table.sum(5));
        }
    }

    @Test
    void anOutputMayBeItsOwnInput() {
        try (Buffer rows = CPU.allocate(2, 33)) {
            float[][] x = fill(rows, new Random(2));
            float[] expected = new float[33];
            for (int e = 0; e < 33; e++) {
                expected[e] = (float) (0.25 * x[1][e] - 1.5 * x[0][e]);
            }
            table.into(rows, 0).plus(0.25, rows, 1).plus(-1.5, rows, 0);
            table.update();
            assertArrayEquals(expected, read(rows, 0));
            assertArrayEquals(x[1], read(rows, 1));
        }
    }

    @Test
    void tableGrowsPastItsFirstSixteenRows() {
        int rows = 67;
        try (Buffer inputs = CPU.allocate(rows, 5); Buffer outputs = CPU.allocate(rows, 5)) {
            float[][] x = fill(inputs, new Random(3));
            for (int row = 0; row < rows; row++) {
                table.into(outputs, row).plus(row, inputs, row).plus(1, inputs, rows - 1 - row);
            }
            table.update();
            table.norms();
            for (int row = 0; row < rows; row++) {
                double squares = 0;
                float[] expected = new float[5];
                for (int e = 0; e < 5; e++) {
                    double value = (double) row * x[row][e] + x[rows - 1 - row][e];
                    squares += value * value;
                    expected[e] = (float) value;
                }
                assertArrayEquals(expected, read(outputs, row), "row " + row);
                assertEquals(1, table.sum(row) / squares, Tolerances.DOUBLE_SUM, "row " + row);
            }
        }
    }

    @Test
    void clearedTableIsEmptyAndTakesRowsOfAnotherLength() {
        try (Buffer three = CPU.allocate(1, 3); Buffer four = CPU.allocate(1, 4)) {
            table.into(three, 0).plus(1, three, 0);
            table.clear();
            assertEquals(0, table.rows());
            table.update();
            table.norms();
            assertThrows(IndexOutOfBoundsException.class, () -> table.sum(0));
            four.write(0, new float[] {1, 2, 3, 4});
            table.into(four, 0).plus(2, four, 0);
            table.update();
            assertArrayEquals(new float[] {2, 4, 6, 8}, read(four, 0));
        }
    }

    @Test
    void rowsOfDifferentLengthsAreRefused() {
        try (Buffer three = CPU.allocate(1, 3); Buffer four = CPU.allocate(1, 4)) {
            table.into(three, 0);
            String message = assertThrows(IllegalArgumentException.class, () -> table.plus(1, four, 0)).getMessage();
            assertEquals("dim 4: must be 3, that of the other rows of the call", message);
        }
    }

    @Test
    void tenthTermIsRefused() {
        try (Buffer rows = CPU.allocate(2, 3)) {
            table.into(rows, 0);
            for (int k = 0; k < 9; k++) {
                table.plus(1, rows, 1);
            }
            String message = assertThrows(IllegalStateException.class, () -> table.plus(1, rows, 1)).getMessage();
            assertEquals("row 0 of the table has more than 9 terms", message);
        }
    }

    @Test
    void incompleteRowsAreRefused() {
        try (Buffer rows = CPU.allocate(2, 3)) {
            assertThrows(IllegalStateException.class, () -> table.plus(1, rows, 0), "no row was begun");
            table.into(rows, 0).plus(1, rows, 1).into(rows, 1);
            assertEquals("row 1 of the table has no term",
                    assertThrows(IllegalStateException.class, table::update).getMessage());
            assertEquals("row 1 of the table has no term",
                    assertThrows(IllegalStateException.class, table::norms).getMessage());
            table.clear();
            table.row().plus(1, rows, 0);
            assertEquals("row 0 of the table has no output",
                    assertThrows(IllegalStateException.class, table::update).getMessage());
        }
    }

    @Test
    void rowsOutsideABufferAreRefused() {
        try (Buffer rows = CPU.allocate(2, 3)) {
            assertThrows(IndexOutOfBoundsException.class, () -> table.into(rows, 2));
            table.clear();
            table.into(rows, 0);
            assertThrows(IndexOutOfBoundsException.class, () -> table.plus(1, rows, -1));
        }
    }

    @Test
    void closedBuffersAreRefusedWheneverTheyWereClosed() {
        try (Buffer open = CPU.allocate(2, 3)) {
            Buffer closed = CPU.allocate(2, 3);
            table.into(open, 0).plus(1, open, 1).into(closed, 0).plus(1, open, 1);
            closed.close();
            assertThrows(IllegalStateException.class, table::update);
            assertThrows(IllegalStateException.class, table::norms);
            table.clear();
            assertThrows(IllegalStateException.class, () -> table.into(closed, 0));
            table.clear();
            table.into(open, 0);
            assertThrows(IllegalStateException.class, () -> table.plus(1, closed, 0));
        }
        // Closing "open" at the end would have been refused, had a failed call kept hold of it.
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void sumIsFiniteOnlyIfEveryValueIs(float value) {
        for (int dim : new int[] {1, 17, 4097}) {
            try (Buffer rows = CPU.allocate(2, dim)) {
                float[] x = new float[dim];
                java.util.Arrays.fill(x, Float.MAX_VALUE);
                rows.write(0, x);
                x[dim / 2] = value;
                rows.write(1, x);
                table.clear();
                table.row().plus(1, rows, 0).row().plus(1, rows, 1);
                table.norms();
                assertTrue(Double.isFinite(table.sum(0)), "the largest floats");
                assertFalse(Double.isFinite(table.sum(1)), value + " in the middle of " + dim);
            }
        }
    }

    /** Adds terms to the row begun last, and returns what they sum up to, in double and in their order. */
    private double[] addTerms(int count, Buffer inputs, float[][] x, Random random) {
        double[] sum = new double[inputs.dim()];
        for (int k = 0; k < count; k++) {
            double coefficient = random.nextGaussian();
            int input = random.nextInt(INPUTS);
            table.plus(coefficient, inputs, input);
            for (int e = 0; e < sum.length; e++) {
                sum[e] = k == 0 ? coefficient * x[input][e] : sum[e] + coefficient * x[input][e];
            }
        }
        return sum;
    }

    private static float[] rounded(double[] values) {
        float[] result = new float[values.length];
        for (int e = 0; e < result.length; e++) {
            result[e] = (float) values[e];
        }
        return result;
    }
}
