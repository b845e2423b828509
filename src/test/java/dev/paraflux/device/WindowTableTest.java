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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle is equation (3) as it is written: from a row up its line of parents, in double, nothing kept between rows. */
class WindowTableTest {
    private static final Device DEVICE = Device.byDefault();
    /** Residuals are rounded to float once; the values here are of order 1 to 100. */
    private static final double FLOAT = 1e-6;

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 33, 1", "7, 1, 1", "7, 255, 2", "13, 257, 1", "13, 511, 3", "40, 37, 1", "5, 4099, 2"})
    void residualsAreEquationThreeLessTheState(int rows, int dim, int reach) {
        Random random = new Random(rows * 10_000L + dim);
        try (RandomWindow window = new RandomWindow(rows, dim, reach, random)) {
            for (int order : new int[] {1, 2, 3, rows / 2 + 1, rows, rows + 5}) {
                window.fillTable(1, order, true);
                assertEquals(rows, window.table.rows());
                window.measure();
                for (int i = 0; i < rows; i++) {
                    double squares = 0;
                    double unrolledSquares = 0;
                    float[] residual = read(window.residuals, i);
                    float[] map = read(window.maps, i);
                    for (int e = 0; e < dim; e++) {
                        double first = window.unrolled(i, 1, e) - window.x[i][e];
                        double expected = window.unrolled(i, order, e);
                        double scale = 1 + Math.abs(expected);
                        assertEquals(expected, map[e], FLOAT * scale, "map, order " + order + ", row " + i);
                        assertEquals(expected - window.x[i][e], residual[e], FLOAT * scale, "order " + order);
                        squares += first * first;
                        unrolledSquares += (double) residual[e] * residual[e];
                    }
                    assertEquals(1, window.table.meanSquare(i) / (squares / dim), 10 * Tolerances.DOUBLE_SUM);
                    assertEquals(1, window.table.meanSquareUnrolled(i) / (unrolledSquares / dim),
                            Tolerances.DOUBLE_SUM);
                }
                assertArrayEquals(window.x[rows - 1], read(window.states, rows - 1), "states are read only");
            }
        }
    }

    /** Nothing carried: the map must be what a row program stores, which makes an order of 1 exact. */
    @ParameterizedTest
    @ValueSource(ints = {1, 17, 256, 1000})
    void mapOfARowThatCarriesNothingHasTheBitsOfARowProgram(int dim) {
        try (RandomWindow window = new RandomWindow(9, dim, 1, new Random(dim));
                Buffer updated = DEVICE.allocate(9, dim)) {
            window.fillTable(1, 1, false);
            window.measure();
            RowProgram update = new RowProgram();
            for (int i = 0; i < 9; i++) {
                update.into(updated, i)
                        .plus(window.factors[i], window.parents[i] < 0 ? window.fixed : window.states,
                                Math.max(0, window.parents[i]));
                for (int k = 0; k < window.inputs[i].length; k++) {
                    update.plus(window.coefficients[i][k], window.fixed, window.inputs[i][k]);
                }
            }
            window.queue.run(update);
            window.queue.await();
            for (int i = 0; i < 9; i++) {
                assertArrayEquals(read(updated, i), read(window.maps, i), "row " + i);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 5", "2, 33", "3, 257", "8, 1000"})
    void innerProductsAreThoseWithTheNamedResiduals(int history, int dim) {
        Random random = new Random(history);
        int rows = 6;
        try (RandomWindow window = new RandomWindow(rows, dim, 2, random);
                Buffer olds = DEVICE.allocate(rows * 8, dim)) {
            float[][] old = fill(olds, random);
            window.fillTable(history, 3, true);
            // The last row has iterates of its own of all ages; the table names those of the row begun last.
            for (int age = 1; age < history; age++) {
                window.table.old(age, olds, (rows - 1) * 8 + age);
            }
            window.measure();
            float[] last = read(window.residuals, rows - 1);
            for (int c = 1; c < history; c++) {
                double expected = 0;
                double magnitude = 0;
                for (int e = 0; e < dim; e++) {
                    double product = (double) last[e] * old[(rows - 1) * 8 + c][e];
                    expected += product;
                    magnitude += Math.abs(product);
                }
                assertEquals(expected, dot(window.table, rows - 1, c), Tolerances.DOUBLE_SUM * magnitude, "age " + c);
                assertEquals(0, dot(window.table, 0, c), "a row without that iterate");
            }
        }
    }

    /** Windows of one call know nothing of each other: what each gives alone, it gives among others. */
    @ParameterizedTest
    @ValueSource(ints = {1, 33, 256, 1000})
    void windowsOfOneTableHaveTheBitsThatEachHasAlone(int dim) {
        try (RandomWindow window = new RandomWindow(7, dim, 2, new Random(dim))) {
            int[] histories = {3, 1, 8};
            int[] orders = {2, 5, 1};
            double[][] squares = new double[3][7];
            double[][] unrolled = new double[3][7];
            for (int w = 0; w < 3; w++) {
                window.fillTable(histories[w], orders[w], true);
                window.measure();
                for (int i = 0; i < 7; i++) {
                    squares[w][i] = window.table.meanSquare(i);
                    unrolled[w][i] = window.table.meanSquareUnrolled(i);
                }
            }
            float[] residual = read(window.residuals, 6);
            window.table.clear();
            for (int w = 0; w < 3; w++) {
                window.addWindow(histories[w], orders[w], true);
                window.table.begin(1, 0, null, 0);
                assertEquals(7 * (w + 1), window.table.rows(), "a window may have no rows");
            }
            window.measure();
            for (int w = 0; w < 3; w++) {
                for (int i = 0; i < 7; i++) {
                    assertEquals(squares[w][i], window.table.meanSquare(7 * w + i), "window " + w + ", row " + i);
                    assertEquals(unrolled[w][i], window.table.meanSquareUnrolled(7 * w + i), "window " + w);
                }
            }
            assertArrayEquals(residual, read(window.residuals, 2 * 7 + 6), "of the last window");
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void aValueThatIsNotFiniteShowsInItsRowAndNotInTheRowsBefore(float value) {
        try (RandomWindow window = new RandomWindow(5, 300, 1, new Random(6))) {
            float[] spoiled = window.x[2].clone();
            spoiled[299] = value;
            window.states.write(2, spoiled);
            window.fillTable(1, Integer.MAX_VALUE, true);
            window.measure();
            for (int i = 0; i < 2; i++) {
                assertTrue(Double.isFinite(window.table.meanSquare(i)), "row " + i);
                assertTrue(Double.isFinite(window.table.meanSquareUnrolled(i)), "row " + i);
            }
            assertFalse(Double.isFinite(window.table.meanSquare(2)));
            assertFalse(Double.isFinite(window.table.meanSquareUnrolled(2)));
        }
    }

    @Test
    void windowIsRefilledForEverAndNothingOfTheLastOneStays() {
        try (RandomWindow window = new RandomWindow(7, 65, 2, new Random(8))) {
            window.fillTable(3, 2, true);
            window.measure();
            float[] expected = read(window.residuals, 6);
            double square = window.table.meanSquare(6);
            window.fillTable(3, 7, true);
            window.measure();
            window.table.clear();
            assertEquals(0, window.table.rows());
            window.measure();
            assertThrows(IndexOutOfBoundsException.class, () -> window.table.meanSquare(0));
            window.fillTable(3, 2, true);
            window.measure();
            assertArrayEquals(expected, read(window.residuals, 6));
            assertEquals(square, window.table.meanSquare(6));
        }
    }

    private static double dot(WindowTable table, int row, int age) {
        return table.results().dot(row, age);
    }
}
