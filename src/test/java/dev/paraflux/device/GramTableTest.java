package dev.paraflux.device;

import static dev.paraflux.device.RandomRows.fill;
import static dev.paraflux.device.RandomRows.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Tolerances;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle is a plain loop in double; inner products may differ from it by the order of the sum. */
class GramTableTest {
    private static final Device DEVICE = Device.byDefault();
    private static final int INPUTS = 12;

    private final GramTable table = new GramTable();
    private final Queue queue = DEVICE.queue();
    private final Random random = new Random(13);

    @AfterEach
    void close() {
        queue.close();
    }

    private void run(GramTable groups) {
        queue.gram(groups);
        queue.await();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 37, 127, 129, 784, 1023, 1025, 4099})
    void innerProductsAreThoseOfThePlainLoop(int dim) {
        try (Buffer inputs = DEVICE.allocate(INPUTS, dim)) {
            float[][] x = fill(inputs, random);
            for (int size = 1; size <= GramTable.MAX_GRAM; size++) {
                for (int groups : new int[] {1, 2, 5}) {
                    table.clear();
                    double[][] rows = new double[groups * size][];
                    for (int row = 0; row < rows.length; row++) {
                        if (row % size == 0) {
                            assertEquals(row / size, table.group(size));
                        }
                        rows[row] = addTerms(1 + (row + size) % RowProgram.MAX_TERMS, inputs, x);
                    }
                    run(table);
                    assertInner(rows, groups, size);
                }
            }
            for (int row = 0; row < INPUTS; row++) {
                assertArrayEquals(x[row], read(inputs, row), "input " + row);
            }
        }
    }

    @Test
    void innerProductsOfRowsThatCountAreTheClosedForm() {
        int dim = 4097;
        try (Buffer rows = DEVICE.allocate(2, dim)) {
            float[] ones = new float[dim];
            float[] counted = new float[dim];
            for (int e = 0; e < dim; e++) {
                ones[e] = 1;
                counted[e] = e + 1;
            }
            rows.write(0, ones);
            rows.write(1, counted);
            table.group(3);
            table.row().plus(1, rows, 0).row().plus(-2, rows, 1).row().plus(1, rows, 1).plus(-1, rows, 1);
            run(table);
            double sum = dim * (dim + 1) / 2;
            assertEquals(dim, table.inner(0, 0, 0));
            assertEquals(-2 * sum, table.inner(0, 0, 1));
            assertEquals(4 * (sum * (2 * dim + 1) / 3), table.inner(0, 1, 1));
            for (int a = 0; a < 3; a++) {
                assertEquals(0, Math.abs(table.inner(0, a, 2)), "the difference of equal rows with row " + a);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 37, 784, 4097})
    void groupsOfOneAreTheSumsOfSquares(int dim) {
        try (Buffer inputs = DEVICE.allocate(INPUTS, dim)) {
            fill(inputs, random);
            RowProgram program = new RowProgram();
            for (int row = 0; row < RowProgram.MAX_TERMS; row++) {
                table.group(1);
                table.row();
                program.row().squares();
                for (int k = 0; k <= row; k++) {
                    double coefficient = random.nextGaussian();
                    table.plus(coefficient, inputs, (row + k) % INPUTS);
                    program.plus(coefficient, inputs, (row + k) % INPUTS);
                }
            }
            queue.run(program);
            run(table);
            for (int row = 0; row < RowProgram.MAX_TERMS; row++) {
                assertEquals(1, table.inner(row, 0, 0) / program.sum(row), 1e-14, row + 1 + " terms");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void aGroupsInnerProductsAreTheSameAloneAndAmongOthers(int size) {
        int groups = 9;
        try (Buffer inputs = DEVICE.allocate(groups * size + 1, 1029)) {
            fill(inputs, random);
            for (int row = 0; row < groups * size; row++) {
                if (row % size == 0) {
                    table.group(size);
                }
                table.row().plus(row + 0.25, inputs, row).plus(-1, inputs, row + 1);
            }
            run(table);
            for (int g = 0; g < groups; g++) {
                GramTable alone = new GramTable();
                alone.group(size);
                for (int row = g * size; row < (g + 1) * size; row++) {
                    alone.row().plus(row + 0.25, inputs, row).plus(-1, inputs, row + 1);
                }
                run(alone);
                for (int a = 0; a < size; a++) {
                    for (int b = 0; b < size; b++) {
                        assertEquals(alone.inner(0, a, b), table.inner(g, a, b), "group " + g);
                        assertEquals(table.inner(g, b, a), table.inner(g, a, b), "group " + g);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void aValueThatIsNotFiniteShowsInItsOwnGroupAlone(float poison) {
        try (Buffer inputs = DEVICE.allocate(6, 37)) {
            float[][] x = fill(inputs, random);
            x[4][36] = poison;
            inputs.write(4, x[4]);
            for (int row = 0; row < 6; row++) {
                if (row % 3 == 0) {
                    table.group(3);
                }
                table.row().plus(1, inputs, row);
            }
            run(table);
            for (int a = 0; a < 3; a++) {
                for (int b = 0; b < 3; b++) {
                    assertTrue(Double.isFinite(table.inner(0, a, b)));
                    assertEquals(a != 1 && b != 1, Double.isFinite(table.inner(1, a, b)));
                }
            }
        }
    }

    @Test
    void sizesOutOfRangeAreRefused() {
        for (int size : new int[] {-1, 0, 8}) {
            assertEquals("size " + size + ": must be 1 to 7",
                    assertThrows(IllegalArgumentException.class, () -> table.group(size)).getMessage());
        }
        assertEquals(0, table.groups());
    }

    @Test
    void groupsThatLackRowsOrAreOfAnotherSizeAreRefused() {
        try (Buffer rows = DEVICE.allocate(1, 3)) {
            refused("no group was begun", table::row);
            refused("no row was begun", () -> table.plus(1, rows, 0));
            table.group(2);
            table.row().plus(1, rows, 0);
            refused("group 0 lacks rows: it has 1 of 2", () -> table.group(2));
            refused("group 0 lacks rows: it has 1 of 2", () -> run(table));
            table.row();
            refused("group 0 has all its 2 rows", table::row);
            refused("row 1 of the table has no term", () -> run(table));
            table.plus(1, rows, 0);
            assertEquals("size 3: must be 2, that of the groups before",
                    assertThrows(IllegalArgumentException.class, () -> table.group(3)).getMessage());
            assertThrows(IllegalStateException.class, () -> table.inner(0, 0, 0));
            run(table);
            assertEquals(0, table.inner(0, 0, 1));
        }
    }

    @Test
    void onlyWhatWasComputedCanBeRead() {
        assertThrows(IllegalStateException.class, () -> table.inner(0, 0, 0));
        try (Buffer rows = DEVICE.allocate(1, 3)) {
            for (int row = 0; row < 6; row++) {
                if (row % 2 == 0) {
                    table.group(2);
                }
                table.row().plus(1, rows, 0);
            }
            queue.gram(table);
            assertThrows(IllegalStateException.class, () -> table.inner(0, 0, 0), "not awaited");
            queue.await();
            assertEquals(0, table.inner(2, 1, 0));
            int[][] outside = {{-1, 0, 0}, {3, 0, 0}, {0, -1, 0}, {0, 2, 0}, {0, 0, -1}, {0, 0, 2}};
            for (int[] at : outside) {
                assertThrows(IndexOutOfBoundsException.class, () -> table.inner(at[0], at[1], at[2]));
            }
            table.clear();
            assertThrows(IllegalStateException.class, () -> table.inner(0, 0, 0), "cleared");
            run(table);
            assertThrows(IndexOutOfBoundsException.class, () -> table.inner(0, 0, 0), "an empty table has no group");
        }
    }

    @Test
    void innerProductsOutliveRowsThatAreBegunAfterThem() {
        try (Buffer rows = DEVICE.allocate(1, 3)) {
            rows.write(0, new float[] {1, 2, 3});
            table.group(2);
            table.row().plus(1, rows, 0).row().plus(2, rows, 0);
            run(table);
            for (int row = 2; row < 40; row++) {
                if (row % 2 == 0) {
                    table.group(2);
                }
                table.row().plus(1, rows, 0);
                assertEquals(28, table.inner(0, 0, 1), row + " rows");
            }
        }
    }

    @Test
    void closedBuffersAreRefused() {
        Buffer closed = DEVICE.allocate(1, 3);
        table.group(1);
        table.row().plus(1, closed, 0);
        closed.close();
        assertThrows(IllegalStateException.class, () -> run(table));
        assertThrows(IllegalStateException.class, () -> table.inner(0, 0, 0));
    }

    private static void refused(String message, Executable misuse) {
        assertEquals(message, assertThrows(IllegalStateException.class, misuse).getMessage());
    }

    private void assertInner(double[][] rows, int groups, int size) {
        for (int g = 0; g < groups; g++) {
            for (int a = 0; a < size; a++) {
                for (int b = 0; b < size; b++) {
                    double expected = 0;
                    double scale = 0;
                    for (int e = 0; e < rows[0].length; e++) {
                        double product = rows[g * size + a][e] * rows[g * size + b][e];
                        expected += product;
                        scale += Math.abs(product);
                    }
                    assertEquals(expected, table.inner(g, a, b), Tolerances.DOUBLE_SUM * scale,
                            "size " + size + ", group " + g + ", rows " + a + " and " + b);
                }
            }
        }
    }

    /** Begins a row, and returns what it sums up to, in double and in the order of its terms. */
    private double[] addTerms(int count, Buffer inputs, float[][] x) {
        table.row();
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
}
