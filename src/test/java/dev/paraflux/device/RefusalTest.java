package dev.paraflux.device;

import static dev.paraflux.device.RandomRows.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** After a refusal a table is as it was: what it held is computed, and nothing else is touched. */
class RefusalTest {
    private static final Device CPU = Device.cpu();
    private static final float[] LIVE = {7, 8};

    private final Resources resources = new Resources();
    private final Buffer rows = resources.add(CPU.allocate(4, 2));
    private final Buffer longer = resources.add(CPU.allocate(4, 3));
    private final Buffer closed = CPU.allocate(4, 2);
    private final RowTable table = resources.add(new RowTable());
    private final RowCopies copies = resources.add(new RowCopies());
    private final WindowTable window = resources.add(new WindowTable(2, 2));
    private final GramState grams = resources.add(new GramState(2));

    RefusalTest() {
        closed.close();
        rows.write(0, new float[] {1, 2});
        rows.write(1, LIVE);
    }

    @AfterEach
    void close() {
        resources.close();
    }

    @Test
    void aRowThatIsRefusedIsNotBegun() {
        // What was begun in the third row before lies there still: its address is that of a live row.
        table.into(rows, 2).plus(1, rows, 0);
        table.into(rows, 1).plus(1, rows, 0);
        table.clear();
        table.into(rows, 3).plus(1, rows, 0);
        refused(IllegalStateException.class, () -> table.into(closed, 0));
        refused(IndexOutOfBoundsException.class, () -> table.into(rows, 4));
        refused(IllegalArgumentException.class, () -> table.into(longer, 0));
        assertEquals(1, table.rows());
        table.plus(1, rows, 0);
        table.update();
        assertArrayEquals(LIVE, read(rows, 1));
        assertArrayEquals(new float[] {2, 4}, read(rows, 3));
    }

    @Test
    void aBufferThatIsRefusedDoesNotDecideTheLengthOfRows() {
        refused(IndexOutOfBoundsException.class, () -> table.into(longer, -1));
        refused(IndexOutOfBoundsException.class, () -> copies.add(longer, 0, rows, 9));
        refused(IllegalArgumentException.class, () -> copies.add(longer, 0, rows, 1));
        table.into(rows, 2).plus(1, rows, 0).update();
        copies.add(rows, 0, rows, 3);
        copies.copy();
        assertArrayEquals(new float[] {1, 2}, read(rows, 2));
        assertArrayEquals(new float[] {1, 2}, read(rows, 3));
        assertEquals(1, copies.rows());
    }

    @Test
    void sumsOutliveARefusedCall() {
        Buffer closing = CPU.allocate(1, 2);
        table.row().plus(1, rows, 0);
        table.norms();
        table.row().plus(1, closing, 0);
        closing.close();
        refused(IllegalStateException.class, table::norms);
        refused(IllegalStateException.class, () -> table.gram(1));
        refused(IllegalArgumentException.class, () -> table.gram(0));
        assertEquals(5, table.sum(0));
        refused(IndexOutOfBoundsException.class, () -> table.sum(1));
        refused(IllegalStateException.class, () -> table.change(0));
    }

    @Test
    void onlyWhatWasComputedCanBeRead() {
        refused(IllegalStateException.class, () -> table.sum(0));
        table.row().plus(1, rows, 0).norms();
        table.clear();
        table.row().plus(1, rows, 0);
        refused(IllegalStateException.class, () -> table.sum(0));
        refused(IndexOutOfBoundsException.class, () -> window.meanSquare(0));
        refused(IndexOutOfBoundsException.class, () -> window.weight(0, 0));
        refused(IndexOutOfBoundsException.class, () -> window.outcome(0));
    }

    @Test
    void aRowOfAWindowThatIsRefusedIsNotBegun() {
        refused(IllegalStateException.class, () -> window.row(rows, 0, rows, 1, closed, 0));
        refused(IndexOutOfBoundsException.class, () -> window.row(rows, 0, rows, 1, rows, 4));
        refused(IllegalArgumentException.class, () -> window.row(longer, 0, rows, 1, rows, 2));
        refused(IllegalStateException.class, () -> window.plus(1, rows, 0));
        refused(IllegalStateException.class, () -> window.old(1, rows, 0));
        refused(IllegalStateException.class, () -> window.carry(0, 1));
        refused(IllegalStateException.class, () -> window.drop(0, 1));
        assertEquals(0, window.rows());
        window.row(rows, 0, rows, 2, rows, 3);
        window.plus(2, rows, 0);
        window.residuals(1);
        assertArrayEquals(new float[] {1, 2}, read(rows, 2));
        assertArrayEquals(LIVE, read(rows, 1));
        assertEquals(2.5, window.meanSquare(0));
    }

    @Test
    void weightsAreOnlyFormedOfWhatWasMeasured() {
        window.row(rows, 0, rows, 2, rows, 3);
        window.plus(2, rows, 0);
        window.use(0, 1, false);
        refused(IllegalStateException.class, () -> weights(1, 0));
        window.residuals(2);
        window.use(0, 2, false);
        refused(IllegalStateException.class, () -> weights(1, 0));
        refused(IllegalStateException.class, () -> weights(3, 0));
        for (double ridge : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused(IllegalArgumentException.class, () -> weights(2, ridge));
        }
        weights(2, 0);
        refused(IndexOutOfBoundsException.class, () -> window.weight(0, 8));
        refused(IndexOutOfBoundsException.class, () -> window.weight(0, -1));
        assertEquals(1, window.weight(0, 0) + window.weight(0, 1), 1e-12);
    }

    private void weights(int history, double ridge) {
        window.weights(history, ridge, grams, 0);
    }

    @Test
    void sizesNoMachineHasAreRefusedAndTakeNothing() {
        long before = NativeMemory.allocatedBytes();
        refused(IllegalArgumentException.class, () -> new WindowTable(Integer.MAX_VALUE, 1));
        refused(IllegalArgumentException.class, () -> new WindowTable(1, Integer.MAX_VALUE));
        refused(IllegalArgumentException.class, () -> new GramState(Integer.MAX_VALUE));
        refused(IllegalArgumentException.class, () -> CPU.allocate(1, Integer.MAX_VALUE));
        assertThrows(OutOfMemoryError.class, () -> CPU.allocate(Integer.MAX_VALUE, Buffer.MAX_DIM));
        assertThrows(OutOfMemoryError.class, () -> CPU.allocate(1 << 17, Buffer.MAX_DIM));
        refused(IllegalArgumentException.class, () -> new Resources().allocate(CPU, 1L << 31, 1));
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    /** 8 GiB, of which the few pages that are touched take memory. */
    @Test
    void asManyRowsAsAnIntCanCountAreOneBuffer() {
        long before = NativeMemory.allocatedBytes();
        try (Buffer huge = CPU.allocate(Integer.MAX_VALUE, 1)) {
            huge.write(Integer.MAX_VALUE - 1, new float[] {3});
            huge.write(536_870_911, new float[] {4});
            assertArrayEquals(new float[] {3}, read(huge, Integer.MAX_VALUE - 1));
            assertArrayEquals(new float[] {4}, read(huge, 536_870_911));
            assertArrayEquals(new float[] {0}, read(huge, 536_870_910));
            assertEquals(before + 4L * Integer.MAX_VALUE, NativeMemory.allocatedBytes());
        } catch (OutOfMemoryError smallMachine) {
            assertEquals(before, NativeMemory.allocatedBytes());
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    @Test
    void tablesThatGrowAndCloseTakeNothing() {
        long before = NativeMemory.allocatedBytes();
        RowTable growing = new RowTable();
        RowCopies list = new RowCopies();
        for (int r = 0; r < 1000; r++) {
            growing.row().plus(1, rows, 0);
            list.add(rows, 0, rows, 2);
            if (r % 100 == 99) {
                growing.norms();
                list.copy();
            }
        }
        growing.close();
        growing.close();
        list.close();
        assertEquals(before, NativeMemory.allocatedBytes());
        for (Executable use : new Executable[] {growing::clear, growing::row, growing::norms, growing::update,
                () -> growing.into(rows, 0), () -> growing.plus(1, rows, 0), () -> growing.sum(0), list::clear,
                list::copy, () -> list.add(rows, 0, rows, 1)}) {
            refused(IllegalStateException.class, use);
        }
    }

    @Test
    void partsAreClosedTogetherOrNotAtAll() {
        Resources parts = new Resources();
        Buffer first = parts.add(CPU.allocate(1, 1));
        Buffer held = parts.add(CPU.allocate(1, 1));
        held.acquire();
        refused(IllegalStateException.class, parts::close);
        first.write(0, new float[] {1});
        held.release();
        parts.close();
        refused(IllegalStateException.class, first::acquire);
        refused(IllegalStateException.class, held::acquire);
    }

    private static void refused(Class<? extends RuntimeException> type, Executable misuse) {
        assertThrows(type, misuse);
    }
}
