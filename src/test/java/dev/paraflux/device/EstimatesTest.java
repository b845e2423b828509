package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Estimates of windows, by their definition in plain doubles; and what native code, which does not look, must never see. */
class EstimatesTest {
    private static final Device DEVICE = Device.byDefault();

    private final WindowTable table = new WindowTable();
    private final Estimates estimates = table.estimates();
    private final Queue queue = DEVICE.queue();

    @AfterEach
    void close() {
        queue.close();
    }

    private void measure() {
        queue.measure(table);
        queue.await();
    }

    /** Rows x_0 .. x_n with nodes each {@code apart} rows; row i + 1 is to be the output at row i. */
    @ParameterizedTest
    @CsvSource({"1, 5, 1", "4, 5, 2", "9, 257, 3", "40, 1000, 7", "6, 784, 100"})
    void changesRunLinearlyFromNodeToNode(int rows, int dim, int apart) {
        Random random = new Random(rows + dim);
        try (Buffer x = DEVICE.allocate(rows + 1, dim);
                Buffer outputs = DEVICE.allocate(rows, dim);
                Buffer x0s = DEVICE.allocate(rows, dim);
                Buffer residuals = DEVICE.allocate(rows, dim);
                Buffer maps = DEVICE.allocate(rows, dim)) {
            float[][] state = RandomRows.fill(x, random);
            float[][] output = RandomRows.fill(outputs, random);
            float[][] known = RandomRows.fill(x0s, random);
            table.begin(1, 0, null, 0);
            for (int i = 0; i < rows; i++) {
                boolean node = isNode(i, rows, apart);
                assertEquals(i, node ? estimates.node(x, i, outputs, i, x0s, i) : estimates.between(x, i, x0s, i));
                estimates.known(x0s, i);
                estimates.linear(node ? 2 : -0.5, node ? 4 : 0.25);
                int a = i - i % apart;
                estimates.share(node ? 0.5 : (double) (i - a) / (Math.min(rows - 1, a + apart) - a));
            }
            for (int i = 0; i < rows; i++) {
                table.row(x, i + 1, residuals, i, maps, i);
                table.plusEstimate(1, i);
            }
            measure();
            for (int i = 0; i < rows; i++) {
                float[] map = RandomRows.read(maps, i);
                float[] x0 = RandomRows.read(x0s, i);
                int a = i - i % apart;
                int b = Math.min(rows - 1, a + apart);
                double share = isNode(i, rows, apart) ? 0 : (double) (i - a) / (b - a);
                double squares = 0;
                for (int e = 0; e < dim; e++) {
                    double atA = 2.0 * state[a][e] + 4.0 * output[a][e];
                    double atB = 2.0 * state[b][e] + 4.0 * output[b][e];
                    double own = 2.0 * state[i][e] + 4.0 * output[i][e];
                    double expected = isNode(i, rows, apart) ? own
                            : known[i][e] + (1 - share) * (atA - known[a][e]) + share * (atB - known[b][e]);
                    assertEquals(expected, x0[e], 1e-5, "row " + i);
                    assertEquals(isNode(i, rows, apart) ? output[i][e] : (expected - 2.0 * state[i][e]) / 4, map[e],
                            1e-5, "row " + i);
                    squares += (own - known[i][e]) * (own - known[i][e]);
                }
                if (isNode(i, rows, apart)) {
                    assertEquals(1, estimates.meanSquareChange(i) / (squares / dim), 1e-9);
                }
            }
            assertEquals(0, estimates.meanSquareError(0));
            assertEquals(0, estimates.meanSquareError(rows - 1));
        }
    }

    private static boolean isNode(int i, int rows, int apart) {
        return i % apart == 0 || i == rows - 1;
    }

    @Test
    void whatTwoNodesDoNotTellOfTheOneBetweenThemIsItsError() {
        try (Buffer rows = DEVICE.allocate(8, 1)) {
            for (int i = 0; i < 3; i++) {
                rows.write(i, new float[] {i * i});
            }
            table.begin(1, 0, null, 0);
            for (int i = 0; i < 3; i++) {
                estimates.node(rows, i, rows, i, rows, 5 + i);
                estimates.linear(0, 1);
                estimates.share(0.5);
            }
            table.row(rows, 0, rows, 3, rows, 4);
            table.plusEstimate(1, 1);
            measure();
            assertEquals(1, estimates.meanSquareChange(1));
            assertEquals(16, estimates.meanSquareChange(2));
            assertEquals(1, estimates.meanSquareError(1), "1 less half of 4");
            assertArrayEquals(new float[] {4}, RandomRows.read(rows, 7));
        }
    }

    @Test
    void estimatesOutsideAnyWindowAndOfOtherWindowsAreRefused() {
        try (Buffer rows = DEVICE.allocate(9, 3)) {
            refusedNow("no window was begun", () -> node(rows, 0));
            refusedNow("no estimate of the window was begun", () -> estimates.linear(1, 1));
            window(rows, 0);
            table.begin(1, 0, null, 0);
            refusedNow("no estimate of the window was begun", () -> estimates.known(rows, 1));
            refusedNow("no estimate of the window was begun", () -> estimates.share(1));
            table.row(rows, 4, rows, 5, rows, 6);
            for (int estimate : new int[] {-1, 0, 1, Integer.MAX_VALUE}) {
                assertThrows(IndexOutOfBoundsException.class, () -> table.plusEstimate(1, estimate));
            }
            assertEquals(1, node(rows, 7));
            table.plusEstimate(1, 1);
            assertThrows(IndexOutOfBoundsException.class, () -> table.plusEstimate(1, 0), "of the window before");
            measure();
        }
    }

    @Test
    void windowsThatDoNotBeginAndEndWithANodeAreRefused() {
        try (Buffer rows = DEVICE.allocate(9, 3)) {
            window(rows, 0);
            estimates.between(rows, 0, rows, 7);
            refusedNow("the first and the last estimate of window 0 of the table must be nodes", this::measure);
            table.clear();
            window(rows, 0);
            table.begin(1, 0, null, 0);
            node(rows, 4);
            refusedNow("window 1 of the table has estimates, but no row", this::measure);
            table.truncate(1);
            assertEquals(1, estimates.size());
            measure();
        }
    }

    @Test
    void badValuesAreRefused() {
        try (Buffer rows = DEVICE.allocate(9, 3);
                Buffer four = DEVICE.allocate(9, 4)) {
            window(rows, 0);
            for (double share : new double[] {-0.1, 1.1, Double.NaN}) {
                assertEquals("share " + share + ": must be 0 to 1",
                        assertThrows(IllegalArgumentException.class, () -> estimates.share(share)).getMessage());
            }
            assertThrows(IllegalArgumentException.class, () -> estimates.known(four, 0));
            assertThrows(IllegalArgumentException.class, () -> estimates.node(rows, 0, four, 0, rows, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> estimates.between(rows, 0, rows, 9));
            assertEquals(1, estimates.size());
            measure();
        }
    }

    @Test
    void numbersAreThoseOfNodesThatWereMeasured() {
        try (Buffer rows = DEVICE.allocate(9, 3)) {
            window(rows, 0);
            refusedNow("no estimate was computed: call Queue.measure first", () -> estimates.meanSquareChange(0));
            estimates.between(rows, 0, rows, 6);
            node(rows, 7);
            measure();
            assertEquals("estimate 1: must be that of a node",
                    assertThrows(IllegalArgumentException.class, () -> estimates.meanSquareError(1)).getMessage());
            assertThrows(IndexOutOfBoundsException.class, () -> estimates.meanSquareChange(3));
            table.clear();
            assertThrows(IllegalStateException.class, () -> estimates.meanSquareChange(0));
        }
    }

    @Test
    void closedBuffersAreRefused() {
        try (Buffer open = DEVICE.allocate(9, 3)) {
            Buffer closed = DEVICE.allocate(9, 3);
            window(open, 0);
            estimates.known(closed, 0);
            closed.close();
            assertThrows(IllegalStateException.class, this::measure);
            assertThrows(IllegalStateException.class, () -> estimates.known(closed, 0));
            assertThrows(IllegalStateException.class, () -> estimates.node(open, 0, closed, 0, open, 1));
        }
        // Closing "open" at the end would have been refused, had a failed call kept hold of it.
    }

    private static void refusedNow(String message, Executable mistake) {
        assertEquals(message, assertThrows(IllegalStateException.class, mistake).getMessage());
    }

    private int node(Buffer rows, int first) {
        int index = estimates.node(rows, first, rows, first, rows, first + 1);
        estimates.linear(1, 1);
        return index;
    }

    private void window(Buffer rows, int first) {
        table.begin(1, 0, null, 0);
        node(rows, first);
        table.row(rows, first, rows, first + 2, rows, first + 3);
        table.plusEstimate(1, estimates.size() - 1);
    }
}
