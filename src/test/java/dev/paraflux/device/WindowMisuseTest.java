package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Mistakes that would have native code read or write where it must not. */
class WindowMisuseTest {
    private static final Device DEVICE = Device.byDefault();

    private final WindowTable table = new WindowTable();
    private final Queue queue = DEVICE.queue();
    private final GramState grams = new GramState(4);

    @AfterEach
    void close() {
        queue.close();
        grams.close();
    }

    private void measure() {
        queue.measure(table);
        queue.await();
    }

    @Test
    void rowsOutsideAnyWindowAreRefused() {
        try (Buffer rows = DEVICE.allocate(9, 3)) {
            refusedNow("no window was begun", () -> begin(rows, 0));
            table.begin(1, 0, null, 0);
            begin(rows, 0);
            table.clear();
            refusedNow("no window was begun", () -> begin(rows, 0));
        }
    }

    @Test
    void onlyEarlierRowsOfTheWindowAreCarriedAndDropped() {
        try (Buffer rows = DEVICE.allocate(12, 3)) {
            assertThrows(IllegalStateException.class, () -> table.carry(0, 1), "no row was begun");
            assertThrows(IllegalStateException.class, () -> table.drop(0, 1), "no row was begun");
            table.begin(1, 0, null, 0);
            begin(rows, 9);
            table.begin(1, 0, null, 0);
            assertThrows(IllegalStateException.class, () -> table.carry(0, 1), "no row of this window was begun");
            assertThrows(IllegalStateException.class, () -> table.plus(1, rows, 1), "no row of this window was begun");
            begin(rows, 0);
            begin(rows, 3);
            for (int row : new int[] {-1, 1, 2}) {
                assertThrows(IndexOutOfBoundsException.class, () -> table.carry(row, 1), "row " + row);
                assertThrows(IndexOutOfBoundsException.class, () -> table.drop(row, 1), "row " + row);
            }
            table.carry(0, 1);
            table.drop(0, 1);
            measure();
        }
    }

    @Test
    void historiesAndAgesThatAreNotKeptAreRefused() {
        try (Buffer rows = DEVICE.allocate(9, 3)) {
            table.begin(1, 0, grams, 0);
            begin(rows, 0);
            for (int age : new int[] {0, -1, WindowTable.MAX_HISTORY}) {
                refused("age " + age + ": must be 1 to 7", () -> table.old(age, rows, 4));
            }
            for (int count : new int[] {0, -1, WindowTable.MAX_HISTORY + 1}) {
                refused("history " + count + ": must be 1 to 8", () -> table.begin(count, 0, grams, 0));
                refused("iterates " + count + ": must be 1 to 8", () -> table.use(0, count, true));
            }
            for (double ridge : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
                assertThrows(IllegalArgumentException.class, () -> table.begin(2, ridge, grams, 0));
            }
            assertThrows(IndexOutOfBoundsException.class, () -> table.use(1, 1, true));
            assertThrows(NullPointerException.class, () -> table.begin(2, 0, null, 0));
        }
    }

    @Test
    void rowsBeyondTheKeptInnerProductsAreRefused() {
        try (Buffer rows = DEVICE.allocate(9, 3)) {
            for (int first : new int[] {-1, 4, Integer.MAX_VALUE}) {
                assertThrows(IndexOutOfBoundsException.class, () -> table.begin(2, 0, grams, first), "from " + first);
            }
            table.begin(2, 0, grams, 2);
            begin(rows, 0);
            begin(rows, 3);
            assertThrows(IndexOutOfBoundsException.class, () -> begin(rows, 6));
            assertEquals(2, table.rows());
            measure();
            table.use(0, 1, true);
            table.use(1, 1, true);
            queue.weigh(table);
            assertEquals(1, table.weight(1, 0));
        }
    }

    @Test
    void rowsWithoutATermAreRefused() {
        try (Buffer rows = DEVICE.allocate(9, 3)) {
            table.begin(1, 0, null, 0);
            begin(rows, 0);
            table.row(rows, 3, rows, 4, rows, 5);
            refusedNow("row 1 of the table has no term", this::measure);
        }
    }

    @Test
    void closedBuffersAreRefusedWheneverTheyWereClosed() {
        try (Buffer open = DEVICE.allocate(9, 3)) {
            Buffer closed = DEVICE.allocate(9, 3);
            table.begin(2, 0, grams, 0);
            begin(open, 0);
            table.old(1, closed, 0);
            closed.close();
            assertThrows(IllegalStateException.class, this::measure);
            table.clear();
            table.begin(2, 0, grams, 0);
            assertThrows(IllegalStateException.class, () -> table.row(closed, 0, open, 1, open, 2));
            assertThrows(IllegalStateException.class, () -> table.row(open, 0, open, 1, closed, 2));
            begin(open, 0);
            assertThrows(IllegalStateException.class, () -> table.plus(1, closed, 0));
            assertThrows(IllegalStateException.class, () -> table.old(1, closed, 0));
        }
        // Closing "open" at the end would have been refused, had a failed call kept hold of it.
    }

    @Test
    void innerProductsThatWereClosedAreRefused() {
        try (Buffer rows = DEVICE.allocate(9, 3)) {
            GramState closed = new GramState(2);
            table.begin(2, 0, grams, 0);
            begin(rows, 0);
            table.begin(2, 0, closed, 0);
            begin(rows, 3);
            measure();
            table.use(0, 1, true);
            table.use(1, 1, true);
            closed.close();
            refusedNow("GramState is closed", () -> queue.weigh(table));
            assertThrows(IllegalStateException.class, () -> table.weight(0, 0));
        }
        // Closing "grams" at the end would have been refused, had the failed call kept hold of them.
    }

    @Test
    void rowsOfAnotherLengthAreRefused() {
        try (Buffer three = DEVICE.allocate(9, 3); Buffer four = DEVICE.allocate(9, 4)) {
            table.begin(2, 0, grams, 0);
            begin(three, 0);
            assertThrows(IllegalArgumentException.class, () -> table.plus(1, four, 0));
            assertThrows(IllegalArgumentException.class, () -> table.old(1, four, 0));
        }
    }

    private static void refused(String message, Executable mistake) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, mistake).getMessage());
    }

    private static void refusedNow(String message, Executable mistake) {
        assertEquals(message, assertThrows(IllegalStateException.class, mistake).getMessage());
    }

    private void begin(Buffer rows, int first) {
        table.row(rows, first, rows, first + 1, rows, first + 2);
        table.plus(1, rows, first);
    }
}
