package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mistakes that would have native code read or write where it must not, and sums that are not there. */
class RowProgramMisuseTest {
    private static final Device CPU = Device.cpu();

    private final RowProgram program = new RowProgram();
    private final Queue queue = CPU.queue();

    @AfterEach
    void close() {
        queue.close();
    }

    private void run() {
        queue.run(program);
        queue.await();
    }

    @Test
    void sumsAreThereAfterTheWaitAndNotBefore() {
        try (Buffer rows = CPU.allocate(1, 3); Queue other = CPU.queue()) {
            rows.write(0, new float[] {1, 2, 3});
            program.row().plus(1, rows, 0).squares();
            assertEquals("no sum was computed: call Queue.run first",
                    assertThrows(IllegalStateException.class, () -> program.sum(0)).getMessage());
            queue.run(program);
            other.await();
            assertEquals("the sum is not there yet: call Queue.await first",
                    assertThrows(IllegalStateException.class, () -> program.sum(0)).getMessage());
            queue.await();
            assertEquals(14, program.sum(0));
            queue.run(program);
            assertThrows(IllegalStateException.class, () -> program.sum(0), "of the second run");
            queue.await();
            assertEquals(14, program.sum(0));
        }
    }

    @Test
    void onlyRowsThatAskForASumHaveOne() {
        try (Buffer rows = CPU.allocate(3, 3)) {
            program.into(rows, 1).plus(1, rows, 0);
            program.copy(rows, 1, rows, 2);
            run();
            assertEquals("row 0 of the program asks for no sum",
                    assertThrows(IllegalStateException.class, () -> program.sum(0)).getMessage());
            assertThrows(IllegalStateException.class, () -> program.sum(1));
            assertThrows(IndexOutOfBoundsException.class, () -> program.sum(2));
            program.into(rows, 1).plus(1, rows, 0);
            run();
            program.squares();
            assertThrows(IndexOutOfBoundsException.class, () -> program.sum(2), "asked for after the run");
        }
    }

    @Test
    void rowsOfDifferentLengthsAreRefused() {
        try (Buffer three = CPU.allocate(1, 3); Buffer four = CPU.allocate(1, 4)) {
            program.into(three, 0);
            String message = assertThrows(IllegalArgumentException.class, () -> program.plus(1, four, 0)).getMessage();
            assertEquals("dim 4: must be 3, that of the other rows of the call", message);
        }
    }

    @Test
    void tenthTermIsRefused() {
        try (Buffer rows = CPU.allocate(2, 3)) {
            program.into(rows, 0);
            for (int k = 0; k < 9; k++) {
                program.plus(1, rows, 1);
            }
            String message = assertThrows(IllegalStateException.class, () -> program.plus(1, rows, 1)).getMessage();
            assertEquals("row 0 of the program has more than 9 terms", message);
        }
    }

    @Test
    void incompleteRowsAreRefused() {
        try (Buffer rows = CPU.allocate(2, 3)) {
            assertThrows(IllegalStateException.class, () -> program.plus(1, rows, 0), "no row was begun");
            program.into(rows, 0).plus(1, rows, 1).into(rows, 1);
            assertEquals("row 1 of the program has no term",
                    assertThrows(IllegalStateException.class, this::run).getMessage());
            program.clear();
            program.row().squares();
            assertEquals("row 0 of the program has no term",
                    assertThrows(IllegalStateException.class, this::run).getMessage());
            program.clear();
            program.row().plus(1, rows, 0);
            assertEquals("row 0 of the program is neither stored nor summed up",
                    assertThrows(IllegalStateException.class, this::run).getMessage());
        }
    }

    @Test
    void rowsOutsideABufferAreRefused() {
        try (Buffer rows = CPU.allocate(2, 3)) {
            assertThrows(IndexOutOfBoundsException.class, () -> program.into(rows, 2));
            program.clear();
            program.into(rows, 0);
            assertThrows(IndexOutOfBoundsException.class, () -> program.plus(1, rows, -1));
        }
    }

    @Test
    void closedBuffersAreRefusedWheneverTheyWereClosed() {
        try (Buffer open = CPU.allocate(2, 3)) {
            Buffer closed = CPU.allocate(2, 3);
            program.into(open, 0).plus(1, open, 1).into(closed, 0).plus(1, open, 1);
            closed.close();
            assertThrows(IllegalStateException.class, this::run);
            program.clear();
            assertThrows(IllegalStateException.class, () -> program.into(closed, 0));
            program.clear();
            program.into(open, 0);
            assertThrows(IllegalStateException.class, () -> program.plus(1, closed, 0));
        }
        // Closing "open" at the end would have been refused, had a failed call kept hold of it.
    }
}
