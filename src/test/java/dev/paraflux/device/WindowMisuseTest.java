package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes that would have native code read or write where it must not. */
class WindowMisuseTest {
    private static final Device CPU = Device.cpu();

    private final WindowTable table = new WindowTable(2, 3);

    @AfterEach
    void close() {
        table.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void windowsWithoutRowsAreRefused(int capacity) {
        String message = assertThrows(IllegalArgumentException.class, () -> new WindowTable(capacity, 3)).getMessage();
        assertEquals("capacity " + capacity + ": must be 1 to " + WindowTable.MAX_ROWS, message);
    }

    @Test
    void rowsBeyondTheCapacityAreRefused() {
        try (Buffer rows = CPU.allocate(9, 3)) {
            begin(rows, 0);
            begin(rows, 3);
            String message = assertThrows(IllegalStateException.class, () -> begin(rows, 6)).getMessage();
            assertEquals("the window is full: it holds 2 rows", message);
            table.clear();
            begin(rows, 6);
            assertEquals(1, table.rows());
        }
    }

    @Test
    void onlyEarlierRowsOfTheWindowAreCarriedAndDropped() {
        try (Buffer rows = CPU.allocate(9, 3)) {
            assertThrows(IllegalStateException.class, () -> table.carry(0, 1), "no row was begun");
            assertThrows(IllegalStateException.class, () -> table.drop(0, 1), "no row was begun");
            begin(rows, 0);
            begin(rows, 3);
            for (int row : new int[] {-1, 1, 2}) {
                assertThrows(IndexOutOfBoundsException.class, () -> table.carry(row, 1), "row " + row);
                assertThrows(IndexOutOfBoundsException.class, () -> table.drop(row, 1), "row " + row);
            }
            table.carry(0, 1);
            table.drop(0, 1);
            table.residuals(1);
        }
    }

    @Test
    void historiesAndAgesThatAreNotKeptAreRefused() {
        try (Buffer rows = CPU.allocate(9, 3)) {
            begin(rows, 0);
            GramState grams = new GramState(1);
            for (int age : new int[] {0, -1, WindowTable.MAX_HISTORY}) {
                refused("age " + age + ": must be 1 to 7", () -> table.old(age, rows, 4));
            }
            for (int count : new int[] {0, -1, WindowTable.MAX_HISTORY + 1}) {
                refused("history " + count + ": must be 1 to 8", () -> table.residuals(count));
                refused("history " + count + ": must be 1 to 8", () -> table.weights(count, 0, grams, 0));
                refused("iterates " + count + ": must be 1 to 8", () -> table.use(0, count, true));
            }
            assertThrows(IndexOutOfBoundsException.class, () -> table.use(1, 1, true));
            grams.close();
        }
    }

    @Test
    void rowsBeyondTheKeptInnerProductsAreRefused() {
        try (Buffer rows = CPU.allocate(9, 3)) {
            begin(rows, 0);
            begin(rows, 3);
            table.residuals(2);
            table.use(0, 1, true);
            table.use(1, 1, true);
            GramState grams = new GramState(4);
            table.weights(2, 0, grams, 2);
            for (int first : new int[] {-1, 3, 4}) {
                assertThrows(IndexOutOfBoundsException.class, () -> table.weights(2, 0, grams, first), "from " + first);
            }
            grams.close();
        }
    }

    @Test
    void rowsWithoutATermAreRefused() {
        try (Buffer rows = CPU.allocate(9, 3)) {
            begin(rows, 0);
            table.row(rows, 3, rows, 4, rows, 5);
            assertEquals("row 1 of the table has no term",
                    assertThrows(IllegalStateException.class, () -> table.residuals(1)).getMessage());
        }
    }

    @Test
    void closedBuffersAreRefusedWheneverTheyWereClosed() {
        try (Buffer open = CPU.allocate(9, 3)) {
            Buffer closed = CPU.allocate(9, 3);
            begin(open, 0);
            table.old(1, closed, 0);
            closed.close();
            assertThrows(IllegalStateException.class, () -> table.residuals(2));
            table.clear();
            assertThrows(IllegalStateException.class, () -> table.row(closed, 0, open, 1, open, 2));
            table.clear();
            assertThrows(IllegalStateException.class, () -> table.row(open, 0, open, 1, closed, 2));
            table.clear();
            begin(open, 0);
            assertThrows(IllegalStateException.class, () -> table.plus(1, closed, 0));
            assertThrows(IllegalStateException.class, () -> table.old(1, closed, 0));
        }
        // Closing "open" at the end would have been refused, had a failed call kept hold of it.
    }

    @Test
    void rowsOfAnotherLengthAreRefused() {
        try (Buffer three = CPU.allocate(9, 3); Buffer four = CPU.allocate(9, 4)) {
            begin(three, 0);
            assertThrows(IllegalArgumentException.class, () -> table.plus(1, four, 0));
            assertThrows(IllegalArgumentException.class, () -> table.old(1, four, 0));
        }
    }

    private static void refused(String message, Executable mistake) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, mistake).getMessage());
    }

    private void begin(Buffer rows, int first) {
        table.row(rows, first, rows, first + 1, rows, first + 2);
        table.plus(1, rows, first);
    }
}
