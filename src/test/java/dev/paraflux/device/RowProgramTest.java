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
class RowProgramTest {
    private static final Device DEVICE = Device.byDefault();
    private static final int INPUTS = RowProgram.MAX_TERMS;

    private final RowProgram program = new RowProgram();
    private final Queue queue = DEVICE.queue();

    @AfterEach
    void close() {
        queue.close();
    }

    private void run() {
        queue.run(program);
        queue.await();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 17, 255, 784, 4097})
    void updateIsThePlainSum(int dim) {
        Random random = new Random(dim);
        try (Buffer inputs = DEVICE.allocate(INPUTS, dim); Buffer outputs = DEVICE.allocate(INPUTS + 1, dim)) {
            float[][] x = fill(inputs, random);
            for (int trial = 0; trial < 5; trial++) {
                program.clear();
                float[][] expected = new float[RowProgram.MAX_TERMS][];
                for (int row = 0; row < RowProgram.MAX_TERMS; row++) {
                    program.into(outputs, row);
                    expected[row] = rounded(addTerms(row + 1, inputs, x, random));
                }
                assertEquals(RowProgram.MAX_TERMS, program.rows());
                run();
                for (int row = 0; row < RowProgram.MAX_TERMS; row++) {
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
        try (Buffer inputs = DEVICE.allocate(INPUTS, dim)) {
            float[][] x = fill(inputs, random);
            double[] expected = new double[RowProgram.MAX_TERMS];
            for (int row = 0; row < expected.length; row++) {
                program.row().squares();
                for (double value : addTerms(row + 1, inputs, x, random)) {
                    expected[row] += value * value;
                }
            }
            run();
            for (int row = 0; row < expected.length; row++) {
                assertEquals(1, program.sum(row) / expected[row], Tolerances.DOUBLE_SUM, (row + 1) + " terms");
                expected[row] = program.sum(row);
            }
            run();
            for (int row = 0; row < expected.length; row++) {
                assertEquals(expected[row], program.sum(row), "the second time");
            }
        }
    }

    @Test
    void aSumDoesNotDependOnTheRowsAroundIt() {
        try (Buffer inputs = DEVICE.allocate(INPUTS, 4097)) {
            fill(inputs, new Random(1));
            program.row().plus(1, inputs, 5).squares();
            run();
            double alone = program.sum(0);
            program.clear();
            for (int row = 0; row < INPUTS; row++) {
                program.row().plus(1, inputs, row).squares();
            }
            run();
            assertEquals(alone, program.sum(5));
        }
    }

    @Test
    void anOutputMayBeItsOwnInput() {
        try (Buffer rows = DEVICE.allocate(2, 33)) {
            float[][] x = fill(rows, new Random(2));
            float[] expected = new float[33];
            for (int e = 0; e < 33; e++) {
                expected[e] = (float) (0.25 * x[1][e] - 1.5 * x[0][e]);
            }
            program.into(rows, 0).plus(0.25, rows, 1).plus(-1.5, rows, 0);
            run();
            assertArrayEquals(expected, read(rows, 0));
            assertArrayEquals(x[1], read(rows, 1));
        }
    }

    @Test
    void programGrowsPastItsFirstSixteenRows() {
        int rows = 67;
        try (Buffer inputs = DEVICE.allocate(rows, 5); Buffer outputs = DEVICE.allocate(rows, 5)) {
            float[][] x = fill(inputs, new Random(3));
            for (int row = 0; row < rows; row++) {
                program.into(outputs, row).plus(row, inputs, row).plus(1, inputs, rows - 1 - row).squares();
            }
            run();
            for (int row = 0; row < rows; row++) {
                double squares = 0;
                float[] expected = new float[5];
                for (int e = 0; e < 5; e++) {
                    double value = (double) row * x[row][e] + x[rows - 1 - row][e];
                    squares += value * value;
                    expected[e] = (float) value;
                }
                assertArrayEquals(expected, read(outputs, row), "row " + row);
                assertEquals(1, program.sum(row) / squares, Tolerances.DOUBLE_SUM, "row " + row);
            }
        }
    }

    @Test
    void clearedProgramIsEmptyAndTakesRowsOfAnotherLength() {
        try (Buffer three = DEVICE.allocate(1, 3); Buffer four = DEVICE.allocate(1, 4)) {
            program.into(three, 0).plus(1, three, 0);
            program.clear();
            assertEquals(0, program.rows());
            run();
            assertThrows(IndexOutOfBoundsException.class, () -> program.sum(0));
            four.write(0, new float[] {1, 2, 3, 4});
            program.into(four, 0).plus(2, four, 0);
            run();
            assertArrayEquals(new float[] {2, 4, 6, 8}, read(four, 0));
        }
    }

    @Test
    void rowsRunInOrder() {
        try (Buffer rows = DEVICE.allocate(4, 5)) {
            rows.write(0, new float[] {1, 2, 3, 4, 5});
            rows.write(1, new float[] {10, 10, 10, 10, 10});
            program.into(rows, 2).plus(1, rows, 0).plus(1, rows, 1);
            program.row().plus(1, rows, 2).squares();
            program.into(rows, 1).plus(2, rows, 2);
            program.copy(rows, 1, rows, 3);
            program.into(rows, 2).plus(-1, rows, 3).compare(rows, 2, -100, 100);
            run();
            assertArrayEquals(new float[] {22, 24, 26, 28, 30}, read(rows, 3));
            assertArrayEquals(new float[] {-22, -24, -26, -28, -30}, read(rows, 2));
            assertEquals(11 * 11 + 12 * 12 + 13 * 13 + 14 * 14 + 15 * 15, program.sum(1));
            assertEquals(3 * (11 + 12 + 13 + 14 + 15), program.sum(4));
        }
    }

    @Test
    void aBlendIsKnownWhereTheMaskIsZeroAndTheCombinationWhereItIsOne() {
        try (Buffer rows = DEVICE.allocate(4, 5)) {
            rows.write(0, new float[] {3, 3, 3, 3, Float.NaN});
            rows.write(1, new float[] {0, 1, 0.5f, 0.25f, 0});
            rows.write(2, new float[] {7, 7, 7, 7, 7});
            program.into(rows, 3).plus(2, rows, 0).blend(rows, 1, rows, 2).total();
            run();
            assertArrayEquals(new float[] {7, 6, 6.5f, 6.75f, Float.NaN}, read(rows, 3));
            assertTrue(Double.isNaN(program.sum(0)));
        }
    }

    @Test
    void aClampCutsOffAndDividesWhatIsFinite() {
        try (Buffer rows = DEVICE.allocate(2, 6)) {
            rows.write(0, new float[] {-9, -1, 0.5f, 9, Float.NEGATIVE_INFINITY, Float.NaN});
            program.into(rows, 1).plus(1, rows, 0).clamp(-2, 3, 2);
            run();
            assertArrayEquals(new float[] {-1, -0.5f, 0.25f, 1.5f, Float.NEGATIVE_INFINITY, Float.NaN}, read(rows, 1));
        }
    }

    @Test
    void totalsAndSquaresAreOfTheCombinationWhateverIsStored() {
        try (Buffer rows = DEVICE.allocate(2, 3)) {
            rows.write(0, new float[] {1, 2, -6});
            program.into(rows, 1).plus(2, rows, 0).clamp(0, 1, 1).total();
            program.into(rows, 1).plus(2, rows, 0).clamp(0, 1, 1).squares();
            run();
            assertEquals(-6, program.sum(0));
            assertEquals(4 + 16 + 144, program.sum(1));
            assertArrayEquals(new float[] {1, 1, 0}, read(rows, 1));
        }
    }

    @Test
    void aProgramMayBeRefilledAsSoonAsItRuns() {
        try (Buffer rows = DEVICE.allocate(2, 3)) {
            rows.write(0, new float[] {1, 2, 3});
            program.into(rows, 1).plus(2, rows, 0);
            queue.run(program);
            program.clear();
            program.into(rows, 0).plus(5, rows, 1);
            queue.run(program);
            queue.await();
            assertArrayEquals(new float[] {10, 20, 30}, read(rows, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void sumIsFiniteOnlyIfEveryValueIs(float value) {
        for (int dim : new int[] {1, 17, 4097}) {
            try (Buffer rows = DEVICE.allocate(2, dim)) {
                float[] x = new float[dim];
                java.util.Arrays.fill(x, Float.MAX_VALUE);
                rows.write(0, x);
                x[dim / 2] = value;
                rows.write(1, x);
                program.clear();
                program.row().plus(1, rows, 0).squares().row().plus(1, rows, 1).squares();
                run();
                assertTrue(Double.isFinite(program.sum(0)), "the largest floats");
                assertFalse(Double.isFinite(program.sum(1)), value + " in the middle of " + dim);
            }
        }
    }

    /** Adds terms to the row begun last, and returns what they sum up to, in double and in their order. */
    private double[] addTerms(int count, Buffer inputs, float[][] x, Random random) {
        double[] sum = new double[inputs.dim()];
        for (int k = 0; k < count; k++) {
            double coefficient = random.nextGaussian();
            int input = random.nextInt(INPUTS);
            program.plus(coefficient, inputs, input);
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
