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
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle is a plain loop in double: rows must have its bits, changes may differ by the order of the sum. */
class RowChangeTest {
    private static final Device DEVICE = Device.byDefault();
    private static final int INPUTS = 9;
    private static final float NONE = Float.POSITIVE_INFINITY;

    private final RowProgram program = new RowProgram();
    private final Queue queue = DEVICE.queue();
    private final Random random = new Random(11);

    @AfterEach
    void close() {
        queue.close();
    }

    private void run() {
        queue.run(program);
        queue.await();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 37, 255, 257, 784, 4095, 4099})
    void rowsAndChangesAreThoseOfThePlainLoop(int dim) {
        float[][] limits = {{-1, 1}, {-NONE, NONE}, {0, NONE}, {-NONE, 0.25F}};
        try (Buffer inputs = DEVICE.allocate(INPUTS, dim);
                Buffer outputs = DEVICE.allocate(RowProgram.MAX_TERMS + 1, dim)) {
            float[][] x = fill(inputs, random);
            for (float[] limit : limits) {
                float[][] before = fill(outputs, random);
                float[] behind = read(outputs, RowProgram.MAX_TERMS);
                float[][] expected = new float[RowProgram.MAX_TERMS][];
                double[] changes = new double[RowProgram.MAX_TERMS];
                program.clear();
                for (int row = 0; row < RowProgram.MAX_TERMS; row++) {
                    program.into(outputs, row);
                    expected[row] = addTerms(row + 1, inputs, x);
                    boolean own = row % 2 == 0;
                    program.compare(own ? outputs : inputs, row, limit[0], limit[1]);
                    changes[row] = change(own ? before[row] : x[row], expected[row], limit[0], limit[1]);
                }
                run();
                for (int row = 0; row < RowProgram.MAX_TERMS; row++) {
                    assertArrayEquals(expected[row], read(outputs, row), (row + 1) + " terms");
                    assertSum(changes[row], program.sum(row), row + 1 + " terms, limits " + Arrays.toString(limit));
                }
                assertArrayEquals(behind, read(outputs, RowProgram.MAX_TERMS), "the row after the outputs");
                for (int row = 0; row < INPUTS; row++) {
                    assertArrayEquals(x[row], read(inputs, row), "input " + row);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 37, 257, 4099})
    void aRowUpdatedInPlaceIsComparedWithWhatItWas(int dim) {
        try (Buffer rows = DEVICE.allocate(3, dim)) {
            float[][] x = fill(rows, random);
            float[] expected = new float[dim];
            for (int e = 0; e < dim; e++) {
                double sum = 1.0 * x[0][e];
                sum += 0.75 * x[1][e];
                sum += -0.75 * x[2][e];
                expected[e] = (float) sum;
            }
            program.into(rows, 0).plus(1, rows, 0).plus(0.75, rows, 1).plus(-0.75, rows, 2).compare(rows, 0, -NONE,
                    NONE);
            run();
            double change = change(x[0], expected, -NONE, NONE);
            assertArrayEquals(expected, read(rows, 0));
            assertSum(change, program.sum(0), "the change");
        }
    }

    @Test
    void rowsAreTheSameAsAnUpdatesPastTheFirstSixteen() {
        int rows = 67;
        try (Buffer inputs = DEVICE.allocate(INPUTS, 33);
                Buffer outputs = DEVICE.allocate(rows, 33);
                Buffer again = DEVICE.allocate(rows, 33)) {
            float[][] x = fill(inputs, random);
            for (int row = 0; row < rows; row++) {
                program.into(outputs, row).plus(row, inputs, row % INPUTS).compare(inputs, row % INPUTS, -1, 1);
            }
            run();
            for (int row = 0; row < rows; row++) {
                double expected = change(x[row % INPUTS], read(outputs, row), -1, 1);
                assertSum(expected, program.sum(row), "row " + row);
            }
            program.clear();
            for (int row = 0; row < rows; row++) {
                program.into(again, row).plus(row, inputs, row % INPUTS);
            }
            run();
            for (int row = 0; row < rows; row++) {
                assertArrayEquals(read(again, row), read(outputs, row), "row " + row);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"-3, 5, 2", "7, 9, 0", "-Infinity, Infinity, 2", "0.5, 3, 0.5", "NaN, 0, NaN", "0, NaN, NaN"})
    void limitsCutOffWhatIsComparedAndNotWhatIsStored(float then, float now, double each) {
        try (Buffer rows = DEVICE.allocate(2, 3)) {
            rows.write(0, new float[] {then, then, then});
            rows.write(1, new float[] {now, now, now});
            program.into(rows, 0).plus(1, rows, 1).compare(rows, 0, -1, 1);
            run();
            assertEquals(3 * each, program.sum(0));
            assertArrayEquals(new float[] {now, now, now}, read(rows, 0));
        }
    }

    @Test
    void theRowNamedLastIsTheOneComparedWith() {
        try (Buffer rows = DEVICE.allocate(3, 2)) {
            rows.write(1, new float[] {1, 2});
            rows.write(2, new float[] {4, 8});
            program.into(rows, 0).plus(1, rows, 2).compare(rows, 2, -1, 1).compare(rows, 1, -NONE, NONE);
            run();
            assertEquals(9, program.sum(0));
        }
    }

    @Test
    void limitsTheWrongWayRoundAreRefused() {
        try (Buffer rows = DEVICE.allocate(2, 3)) {
            program.into(rows, 0).plus(1, rows, 1);
            assertEquals("low 1.0: must be at most high, which is -1.0",
                    assertThrows(IllegalArgumentException.class, () -> program.compare(rows, 0, 1, -1)).getMessage());
            assertThrows(IllegalArgumentException.class, () -> program.compare(rows, 0, Float.NaN, 1));
            assertThrows(IllegalArgumentException.class, () -> program.compare(rows, 0, -1, Float.NaN));
            program.compare(rows, 0, 1, 1);
            run();
            assertEquals(0, program.sum(0));
        }
    }

    @Test
    void rowsThatCannotBeComparedAreRefused() {
        try (Buffer rows = DEVICE.allocate(3, 3); Buffer longer = DEVICE.allocate(2, 4)) {
            refused("no row was begun", () -> program.compare(rows, 0, -1, 1));
            program.row().plus(1, rows, 0);
            refused("row 0 of the program is not stored", () -> program.compare(rows, 1, -1, 1));
            program.squares();
            program.into(rows, 0).plus(1, rows, 1).squares();
            refused("row 1 of the program has another sum already", () -> program.compare(rows, 1, -1, 1));
            refused("row 1 of the program has another sum already", program::total);
            program.copy(rows, 0, rows, 1);
            refused("row 2 of the program is a copy, and nothing else", () -> program.compare(rows, 1, -1, 1));
            refused("row 2 of the program is a copy, and nothing else", () -> program.plus(1, rows, 1));
            refused("row 2 of the program is a copy, and nothing else", program::squares);
            program.into(rows, 2).plus(1, rows, 1).blend(rows, 0, rows, 1);
            refused("row 3 of the program has a blend or a clamp already", () -> program.clamp(-1, 1, 1));
            assertEquals("dim 4: must be 3, that of the other rows of the call",
                    assertThrows(IllegalArgumentException.class, () -> program.compare(longer, 1, -1, 1)).getMessage());
        }
    }

    @Test
    void aNewRowForgetsWhatTheOneInItsPlaceWasComparedWith() {
        try (Buffer rows = DEVICE.allocate(2, 3)) {
            program.into(rows, 0).plus(1, rows, 1).compare(rows, 1, -1, 1);
            run();
            program.clear();
            assertThrows(IllegalStateException.class, () -> program.compare(rows, 0, -1, 1));
            assertThrows(IllegalStateException.class, () -> program.sum(0));
            program.into(rows, 0).plus(1, rows, 1);
            run();
            assertThrows(IllegalStateException.class, () -> program.sum(0));
        }
    }

    @Test
    void closedBuffersAndRowsOutsideAreRefused() {
        try (Buffer open = DEVICE.allocate(2, 3)) {
            Buffer closed = DEVICE.allocate(2, 3);
            program.into(open, 0).plus(1, open, 1);
            assertThrows(IndexOutOfBoundsException.class, () -> program.compare(open, 2, -1, 1));
            program.compare(closed, 0, -1, 1);
            closed.close();
            assertThrows(IllegalStateException.class, this::run);
            program.clear();
            program.into(open, 0).plus(1, open, 1);
            assertThrows(IllegalStateException.class, () -> program.compare(closed, 0, -1, 1));
        }
        // Closing "open" at the end would have been refused, had a failed call kept hold of it.
    }

    private static void refused(String message, Executable misuse) {
        assertEquals(message, assertThrows(IllegalStateException.class, misuse).getMessage());
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
            program.plus(coefficient, inputs, input);
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
