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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle is a plain loop in double; inner products may differ from it by the order of the sum. */
class RowGramTest {
    private static final Device CPU = Device.cpu();
    private static final int INPUTS = 12;

    private final RowTable table = new RowTable();
    private final Random random = new Random(13);

    @AfterEach
    void close() {
        table.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 37, 127, 129, 784, 1023, 1025, 4099})
    void innerProductsAreThoseOfThePlainLoop(int dim) {
        try (Buffer inputs = CPU.allocate(INPUTS, dim)) {
            float[][] x = fill(inputs, random);
            for (int size = 1; size <= RowTable.MAX_GRAM; size++) {
                for (int groups : new int[] {1, 2, 5}) {
                    table.clear();
                    double[][] rows = new double[groups * size][];
                    for (int row = 0; row < rows.length; row++) {
                        rows[row] = addTerms(1 + (row + size) % RowTable.MAX_TERMS, inputs, x);
                    }
                    table.gram(size);
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
        try (Buffer rows = CPU.allocate(2, dim)) {
            float[] ones = new float[dim];
            float[] counted = new float[dim];
            for (int e = 0; e < dim; e++) {
                ones[e] = 1;
                counted[e] = e + 1;
            }
            rows.write(0, ones);
            rows.write(1, counted);
            table.row().plus(1, rows, 0).row().plus(-2, rows, 1).row().plus(1, rows, 1).plus(-1, rows, 1);
            table.gram(3);
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
    void groupsOfOneAreTheNorms(int dim) {
        try (Buffer inputs = CPU.allocate(INPUTS, dim)) {
            float[][] x = fill(inputs, random);
            double[] norms = new double[RowTable.MAX_TERMS];
            for (int row = 0; row < norms.length; row++) {
                addTerms(row + 1, inputs, x);
            }
            table.norms();
            for (int row = 0; row < norms.length; row++) {
                norms[row] = table.sum(row);
            }
            table.gram(1);
            for (int row = 0; row < norms.length; row++) {
                assertEquals(1, table.inner(row, 0, 0) / norms[row], 1e-14, row + 1 + " terms");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void aGroupsInnerProductsAreTheSameAloneAndAmongOthers(int size) {
        int groups = 9;
        try (Buffer inputs = CPU.allocate(groups * size + 1, 1029)) {
            fill(inputs, random);
            for (int row = 0; row < groups * size; row++) {
                table.row().plus(row + 0.25, inputs, row).plus(-1, inputs, row + 1);
            }
            table.gram(size);
            for (int g = 0; g < groups; g++) {
                RowTable alone = new RowTable();
                for (int row = g * size; row < (g + 1) * size; row++) {
                    alone.row().plus(row + 0.25, inputs, row).plus(-1, inputs, row + 1);
                }
                alone.gram(size);
                for (int a = 0; a < size; a++) {
                    for (int b = 0; b < size; b++) {
                        assertEquals(alone.inner(0, a, b), table.inner(g, a, b), "group " + g);
                        assertEquals(table.inner(g, b, a), table.inner(g, a, b), "group " + g);
                    }
                }
                alone.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void aValueThatIsNotFiniteShowsInItsOwnGroupAlone(float poison) {
        try (Buffer inputs = CPU.allocate(6, 37)) {
            float[][] x = fill(inputs, random);
            x[4][36] = poison;
            inputs.write(4, x[4]);
            for (int row = 0; row < 6; row++) {
                table.row().plus(1, inputs, row);
            }
            table.gram(3);
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
        try (Buffer rows = CPU.allocate(1, 3)) {
            for (int row = 0; row < 8; row++) {
                table.row().plus(1, rows, 0);
            }
            for (int size : new int[] {-1, 0, 8}) {
                assertEquals("size " + size + ": must be 1 to 7",
                        assertThrows(IllegalArgumentException.class, () -> table.gram(size)).getMessage());
            }
            assertEquals("size 3: must be a divisor of the number of rows, 8",
                    assertThrows(IllegalArgumentException.class, () -> table.gram(3)).getMessage());
            assertThrows(IllegalStateException.class, () -> table.inner(0, 0, 0));
            table.row();
            assertEquals("row 8 of the table has no term",
                    assertThrows(IllegalStateException.class, () -> table.gram(3)).getMessage());
        }
    }

    @Test
    void onlyWhatWasComputedCanBeRead() {
        assertThrows(IllegalStateException.class, () -> table.inner(0, 0, 0));
        try (Buffer rows = CPU.allocate(1, 3)) {
            for (int row = 0; row < 6; row++) {
                table.row().plus(1, rows, 0);
            }
            table.gram(2);
            assertEquals(0, table.inner(2, 1, 0));
            int[][] outside = {{-1, 0, 0}, {3, 0, 0}, {0, -1, 0}, {0, 2, 0}, {0, 0, -1}, {0, 0, 2}};
            for (int[] at : outside) {
                assertThrows(IndexOutOfBoundsException.class, () -> table.inner(at[0], at[1], at[2]));
            }
            table.norms();
            assertThrows(IllegalStateException.class, () -> table.inner(0, 0, 0), "overwritten");
            table.gram(3);
            table.clear();
            assertThrows(IllegalStateException.class, () -> table.inner(0, 0, 0), "cleared");
            table.gram(3);
            assertThrows(IndexOutOfBoundsException.class, () -> table.inner(0, 0, 0), "an empty table has no group");
        }
    }

    @Test
    void innerProductsOutliveRowsThatAreBegunAfterThem() {
        try (Buffer rows = CPU.allocate(1, 3)) {
            rows.write(0, new float[] {1, 2, 3});
            table.row().plus(1, rows, 0).row().plus(2, rows, 0);
            table.gram(2);
            for (int row = 2; row < 40; row++) {
                table.row().plus(1, rows, 0);
                assertEquals(28, table.inner(0, 0, 1), row + " rows");
            }
        }
    }

    @Test
    void closedBuffersAreRefused() {
        Buffer closed = CPU.allocate(1, 3);
        table.row().plus(1, closed, 0);
        closed.close();
        assertThrows(IllegalStateException.class, () -> table.gram(1));
        assertThrows(IllegalStateException.class, () -> table.inner(0, 0, 0));
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
