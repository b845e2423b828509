package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is taken back of a list, complete or not, is as if it had never been written. */
class TruncateTest {
    private static final int DIM = 37;

    private final Queue queue = Device.byDefault().queue();
    private final Buffer rows = Device.byDefault().allocate(8, DIM);

    TruncateTest() {
        for (int r = 0; r < rows.rows(); r++) {
            for (int e = 0; e < DIM; e++) {
                rows.put(r, e, r + 0.5f * e);
            }
        }
    }

    @AfterEach
    void close() {
        queue.close();
        rows.close();
    }

    private double squares(int row) {
        double sum = 0;
        for (int e = 0; e < DIM; e++) {
            sum += (double) rows.get(row, e) * rows.get(row, e);
        }
        return sum;
    }

    @Test
    void rowsOfAProgram() {
        RowProgram program = new RowProgram();
        for (int more = 0; more < 40; more++) {
            program.clear();
            program.row().plus(1, rows, 1).squares();
            for (int k = 0; k < more; k++) {
                program.into(rows, 7).plus(2, rows, 2).plus(3, rows, 3);
            }
            program.into(rows, 6);
            program.truncate(1);
            assertEquals(1, program.rows());
            program.row().plus(1, rows, 4).squares();
            queue.run(program);
            queue.await();
            assertEquals(squares(1), program.sum(0), 1e-9 * squares(1));
            assertEquals(squares(4), program.sum(1), 1e-9 * squares(4));
        }
        assertEquals(7, rows.get(7, 0), "nothing was stored");
        assertThrows(IndexOutOfBoundsException.class, () -> program.truncate(3));
        assertThrows(IndexOutOfBoundsException.class, () -> program.truncate(-1));
        program.truncate(0);
        assertThrows(IndexOutOfBoundsException.class, () -> program.sum(0));
    }

    @Test
    void groupsOfATable() {
        GramTable table = new GramTable();
        table.group(2);
        table.row().plus(1, rows, 1).row().plus(1, rows, 2);
        table.group(2);
        table.row().plus(1, rows, 3);
        table.truncate(1);
        assertEquals(1, table.groups());
        table.group(2);
        table.row().plus(1, rows, 4).row().plus(1, rows, 5);
        queue.gram(table);
        queue.await();
        assertEquals(squares(1), table.inner(0, 0, 0), 1e-9 * squares(1));
        assertEquals(squares(4), table.inner(1, 0, 0), 1e-9 * squares(4));
        assertThrows(IndexOutOfBoundsException.class, () -> table.truncate(3));
    }

    @Test
    void windowsOfATable() {
        try (Buffer out = Device.byDefault().allocate(4, DIM)) {
            WindowTable table = new WindowTable();
            begin(table, out, 0, 1);
            begin(table, out, 1, 2);
            table.row(rows, 3, out, 2, out, 3);
            table.truncate(1);
            assertEquals(1, table.windows());
            assertEquals(1, table.rows());
            begin(table, out, 1, 4);
            queue.measure(table);
            queue.await();
            // The right side is twice the state, so that the residual is the state itself.
            assertEquals(squares(1) / DIM, table.meanSquare(0), 1e-9 * squares(1));
            assertEquals(squares(4) / DIM, table.meanSquare(1), 1e-9 * squares(4));
            assertThrows(IndexOutOfBoundsException.class, () -> table.truncate(3));
            table.truncate(0);
            assertEquals(0, table.rows());
        }
    }

    private void begin(WindowTable table, Buffer out, int place, int state) {
        table.begin(1, 0, null, 0);
        table.row(rows, state, out, 2 * place, out, 2 * place + 1);
        table.plus(2, rows, state);
    }
}
