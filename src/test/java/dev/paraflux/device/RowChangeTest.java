package dev.paraflux.device;

import static dev.paraflux.device.RandomRows.fill;
import static dev.paraflux.device.RandomRows.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Tolerances;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle is a plain loop in double: rows must have its bits, changes may differ by the order of the sum. */
class RowChangeTest {
    private static final Device CPU = Device.cpu();
    private static final int INPUTS = 9;
    private static final float NONE = Float.POSITIVE_INFINITY;

    private final RowTable table = new RowTable();
    private final Random random = new Random(11);

    @AfterEach
    void close() {
        table.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 37, 255, 257, 784, 4095, 4099})
    void rowsAndChangesAreThoseOfThePlainLoop(int dim) {
        float[][] limits = {{-1, 1}, {-NONE, NONE}, {0, NONE}, {-NONE, 0.25F}};
        try (Buffer inputs = CPU.allocate(INPUTS, dim); Buffer outputs = CPU.allocate(RowTable.MAX_TERMS + 1, dim)) {
            float[][] x = fill(inputs, random);
            for (float[] limit : limits) {
                float[][] before = fill(outputs, random);
                float[] behind = read(outputs, RowTable.MAX_TERMS);
                float[][] expected = new float[RowTable.MAX_TERMS][];
                double[] changes = new double[RowTable.MAX_TERMS];
                table.clear();
                for (int row = 0; row < RowTable.MAX_TERMS; row++) {
                    table.into(outputs, row);
                    expected[row] = addTerms(row + 1, inputs, x);
                    boolean own = row % 2 == 0;
                    table.against(own ? outputs : inputs, row);
                    changes[row] = change(own ? before[row] : x[row], expected[row], limit[0], limit[1]);
                }
                table.updateAndCompare(limit[0], limit[1]);
                for (int row = 0; row < RowTable.MAX_TERMS; row++) {
                    assertArrayEquals(expected[row], read(outputs, row), (row + 1) + " terms");
                    assertSum(changes[row], table.change(row), row + 1 + " terms, limits " + Arrays.toString(limit));
                }
                assertArrayEquals(behind, read(outputs, RowTable.MAX_TERMS), "the row after the outputs");
                for (int row = 0; row < INPUTS; row++) {
                    assertArrayEquals(x[row], read(inputs, row), "input " + row);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 37, 257, 4099})
    void aRowUpdatedInPlaceIsComparedWithWhatItWas(int dim) {
        try (Buffer rows = CPU.allocate(3, dim)) {
            float[][] x = fill(rows, random);
            float[] expected = new float[dim];
            for (int e = 0; e < dim; e++) {
                double sum = 1.0 * x[0][e];
                sum += 0.75 * x[1][e];
                sum += -0.75 * x[2][e];
                expected[e] = (float) sum;
            }
            table.into(rows, 0).plus(1, rows, 0).plus(0.75, rows, 1).plus(-0.75, rows, 2).against(rows, 0);
            table.updateAndCompare(-NONE, NONE);
            double change = change(x[0], expected, -NONE, NONE);
            assertArrayEquals(expected, read(rows, 0));
            assertSum(change, table.change(0), "the change");
        }
    }

    @Test
    void rowsAreTheSameAsAnUpdatesPastTheFirstSixteen() {
        int rows = 67;
        try (Buffer inputs = CPU.allocate(INPUTS, 33);
                Buffer outputs = CPU.allocate(rows, 33);
                Buffer again = CPU.allocate(rows, 33)) {
            float[][] x = fill(inputs, random);
            for (int row = 0; row < rows; row++) {
                table.into(outputs, row).plus(row, inputs, row % INPUTS).against(inputs, row % INPUTS);
            }
            table.updateAndCompare(-1, 1);
            for (int row = 0; row < rows; row++) {
                double expected = change(x[row % INPUTS], read(outputs, row), -1, 1);
                assertSum(expected, table.change(row), "row " + row);
            }
            table.clear();
            for (int row = 0; row < rows; row++) {
                table.into(again, row).plus(row, inputs, row % INPUTS);
            }
            table.update();
            for (int row = 0; row < rows; row++) {
                assertArrayEquals(read(again, row), read(outputs, row), "row " + row);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"-3, 5, 2", "7, 9, 0", "-Infinity, Infinity, 2", "0.5, 3, 0.5", "NaN, 0, NaN", "0, NaN, NaN"})
    void limitsCutOffWhatIsComparedAndNotWhatIsStored(float then, float now, double each) {
        try (Buffer rows = CPU.allocate(2, 3)) {
            rows.write(0, new float[] {then, then, then});
            rows.write(1, new float[] {now, now, now});
            table.into(rows, 0).plus(1, rows, 1).against(rows, 0);
            table.updateAndCompare(-1, 1);
            assertEquals(3 * each, table.change(0));
            assertArrayEquals(new float[] {now, now, now}, read(rows, 0));
        }
    }

    @Test
    void theRowNamedLastIsTheOneComparedWith() {
        try (Buffer rows = CPU.allocate(3, 2)) {
            rows.write(1, new float[] {1, 2});
            rows.write(2, new float[] {4, 8});
            table.into(rows, 0).plus(1, rows, 2).against(rows, 2).against(rows, 1);
            table.updateAndCompare(-NONE, NONE);
            assertEquals(9, table.change(0));
        }
    }

    @Test
    void limitsTheWrongWayRoundAreRefused() {
        try (Buffer rows = CPU.allocate(2, 3)) {
            table.into(rows, 0).plus(1, rows, 1).against(rows, 0);
            assertEquals("low 1.0: must be at most high, which is -1.0",
                    assertThrows(IllegalArgumentException.class, () -> table.updateAndCompare(1, -1)).getMessage());
            assertThrows(IllegalArgumentException.class, () -> table.updateAndCompare(Float.NaN, 1));
            assertThrows(IllegalArgumentException.class, () -> table.updateAndCompare(-1, Float.NaN));
            table.updateAndCompare(1, 1);
            assertEquals(0, table.change(0));
        }
    }

    @Test
    void incompleteRowsAreRefused() {
        try (Buffer rows = CPU.allocate(2, 3)) {
            assertEquals("no row was begun",
                    assertThrows(IllegalStateException.class, () -> table.against(rows, 0)).getMessage());
            table.into(rows, 0).plus(1, rows, 1);
            assertRefused("row 0 of the table has no row to compare with");
            table.against(rows, 0).into(rows, 1).against(rows, 1);
            assertRefused("row 1 of the table has no term");
            table.clear();
            table.row().plus(1, rows, 0).against(rows, 1);
            assertRefused("row 0 of the table has no output");
        }
    }

    @Test
    void aNewRowForgetsWhatTheOneInItsPlaceWasComparedWith() {
        try (Buffer rows = CPU.allocate(2, 3); Buffer longer = CPU.allocate(2, 4)) {
            table.into(rows, 0).plus(1, rows, 1).against(rows, 1);
            table.updateAndCompare(-1, 1);
            table.clear();
            assertThrows(IllegalStateException.class, () -> table.against(rows, 0));
            assertThrows(IllegalStateException.class, () -> table.change(0));
            table.updateAndCompare(-1, 1);
            table.into(longer, 0).plus(1, longer, 1);
            assertRefused("row 0 of the table has no row to compare with");
            assertEquals("dim 3: must be 4, that of the other rows of the call",
                    assertThrows(IllegalArgumentException.class, () -> table.against(rows, 1)).getMessage());
        }
    }

    @Test
    void closedBuffersAndRowsOutsideAreRefused() {
        try (Buffer open = CPU.allocate(2, 3)) {
            Buffer closed = CPU.allocate(2, 3);
            table.into(open, 0).plus(1, open, 1);
            assertThrows(IndexOutOfBoundsException.class, () -> table.against(open, 2));
            table.against(closed, 0);
            closed.close();
            assertThrows(IllegalStateException.class, () -> table.updateAndCompare(-1, 1));
            table.clear();
            table.into(open, 0).plus(1, open, 1);
            assertThrows(IllegalStateException.class, () -> table.against(closed, 0));
        }
        // Closing "open" at the end would have been refused, had a failed call kept hold of it.
    }

    private void assertRefused(String message) {
        assertEquals(message,
                assertThrows(IllegalStateException.class, () -> table.updateAndCompare(-1, 1)).getMessage());
    }

    private static void assertSum(double expected, double sum, String message) {
        assertTrue(Math.abs(sum - expected) <= Tolerances.DOUBLE_SUM * expected,
                message + ": " + sum + " instead of " + expected);
    }

    private static double change(float[] before, float[] after, float low, float high) {
        double sum = 0;
        for (int e = 0; e < before.length; e++) {
            sum += Math
                    .abs((double) Math.min(high, Math.max(low, after[e])) - Math.min(high, Math.max(low, before[e])));
        }
        return sum;
    }

    /** Adds terms to the row begun last, and returns what it becomes. */
    private float[] addTerms(int count, Buffer inputs, float[][] x) {
        double[] sum = new double[inputs.dim()];
        for (int k = 0; k < count; k++) {
            double coefficient = random.nextGaussian();
            int input = random.nextInt(INPUTS);
            table.plus(coefficient, inputs, input);
            for (int e = 0; e < sum.length; e++) {
                sum[e] = k == 0 ? coefficient * x[input][e] : sum[e] + coefficient * x[input][e];
            }
        }
        float[] result = new float[sum.length];
        for (int e = 0; e < result.length; e++) {
            result[e] = (float) sum[e];
        }
        return result;
    }
}
