package dev.paraflux.device;

import static dev.paraflux.device.RandomRows.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** After a refusal a list is as it was: what it held is computed, and nothing else is touched. */
class RefusalTest {
    private static final Device DEVICE = Device.byDefault();
    private static final float[] LIVE = {7, 8};

    private final Resources resources = new Resources();
    private final Buffer rows = resources.add(DEVICE.allocate(4, 2));
    private final Buffer longer = resources.add(DEVICE.allocate(4, 3));
    private final Buffer closed = DEVICE.allocate(4, 2);
    private final Queue queue = resources.add(DEVICE.queue());
    private final GramState grams = resources.add(new GramState(2));
    private final RowProgram program = new RowProgram();
    private final GramTable groups = new GramTable();
    private final RowQuantiles quantiles = new RowQuantiles();
    private final WindowTable window = new WindowTable();

    RefusalTest() {
        closed.close();
        rows.write(0, new float[] {1, 2});
        rows.write(1, LIVE);
    }

    @AfterEach
    void close() {
        resources.close();
    }

    private void run() {
        queue.run(program);
        queue.await();
    }

    private void measure() {
        queue.measure(window);
        queue.await();
    }

    @Test
    void aRowThatIsRefusedIsNotBegun() {
        // What was begun in the third row before lies there still: its address is that of a live row.
        program.into(rows, 2).plus(1, rows, 0);
        program.into(rows, 1).plus(1, rows, 0);
        program.clear();
        program.into(rows, 3).plus(1, rows, 0);
        refused(IllegalStateException.class, () -> program.into(closed, 0));
        refused(IndexOutOfBoundsException.class, () -> program.into(rows, 4));
        refused(IllegalArgumentException.class, () -> program.into(longer, 0));
        refused(IllegalArgumentException.class, () -> program.copy(rows, 0, longer, 0));
        refused(IllegalStateException.class, () -> program.copy(rows, 0, closed, 0));
        assertEquals(1, program.rows());
        program.plus(1, rows, 0);
        run();
        assertArrayEquals(LIVE, read(rows, 1));
        assertArrayEquals(new float[] {2, 4}, read(rows, 3));
    }

    @Test
    void whatIsRefusedSaysNothingOfTheRow() {
        program.into(rows, 3).plus(1, rows, 0);
        refused(IllegalArgumentException.class, () -> program.compare(longer, 0, -1, 1));
        refused(IllegalStateException.class, () -> program.compare(closed, 0, -1, 1));
        refused(IndexOutOfBoundsException.class, () -> program.blend(rows, 0, rows, 4));
        refused(IllegalArgumentException.class, () -> program.blend(rows, 0, longer, 0));
        refused(IllegalArgumentException.class, () -> program.clamp(1, -1, 1));
        for (double divisor : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused(IllegalArgumentException.class, () -> program.clamp(-1, 1, divisor));
        }
        refused(IllegalArgumentException.class, () -> program.clamp(Double.NaN, 1, 1));
        run();
        assertArrayEquals(new float[] {1, 2}, read(rows, 3));
        refused(IllegalStateException.class, () -> program.sum(0));
    }

    @Test
    void aBufferThatIsRefusedDoesNotDecideTheLengthOfRows() {
        refused(IndexOutOfBoundsException.class, () -> program.into(longer, -1));
        refused(IndexOutOfBoundsException.class, () -> program.copy(longer, 0, rows, 9));
        refused(IllegalArgumentException.class, () -> program.copy(longer, 0, rows, 1));
        refused(IndexOutOfBoundsException.class, () -> quantiles.add(longer, 4, 0));
        refused(IllegalArgumentException.class, () -> quantiles.add(longer, 0, 2));
        program.into(rows, 2).plus(1, rows, 0);
        program.copy(rows, 0, rows, 3);
        run();
        assertArrayEquals(new float[] {1, 2}, read(rows, 2));
        assertArrayEquals(new float[] {1, 2}, read(rows, 3));
        assertEquals(2, program.rows());
        quantiles.add(rows, 1, 1);
        queue.quantiles(quantiles);
        queue.await();
        assertEquals(8, quantiles.value(0));
    }

    @Test
    void sumsOutliveARefusedCall() {
        Buffer closing = DEVICE.allocate(1, 2);
        program.row().plus(1, rows, 0).squares();
        run();
        program.row().plus(1, closing, 0).squares();
        groups.group(1);
        groups.row().plus(1, rows, 0);
        queue.gram(groups);
        queue.await();
        groups.group(1);
        groups.row().plus(1, closing, 0);
        quantiles.add(rows, 0, 1);
        queue.quantiles(quantiles);
        queue.await();
        quantiles.add(closing, 0, 1);
        closing.close();
        refused(IllegalStateException.class, this::run);
        refused(IllegalStateException.class, () -> queue.gram(groups));
        refused(IllegalStateException.class, () -> queue.quantiles(quantiles));
        refused(IllegalArgumentException.class, () -> groups.group(0));
        assertEquals(5, program.sum(0));
        assertEquals(5, groups.inner(0, 0, 0));
        assertEquals(2, quantiles.value(0));
        refused(IndexOutOfBoundsException.class, () -> program.sum(1));
        refused(IndexOutOfBoundsException.class, () -> groups.inner(1, 0, 0));
        refused(IndexOutOfBoundsException.class, () -> quantiles.value(1));
    }

    @Test
    void onlyWhatWasComputedCanBeRead() {
        refused(IllegalStateException.class, () -> program.sum(0));
        program.row().plus(1, rows, 0).squares();
        run();
        program.clear();
        program.row().plus(1, rows, 0).squares();
        refused(IllegalStateException.class, () -> program.sum(0));
        refused(IllegalStateException.class, () -> quantiles.value(0));
        refused(IllegalStateException.class, () -> window.meanSquare(0));
        refused(IllegalStateException.class, () -> window.weight(0, 0));
        refused(IllegalStateException.class, () -> window.outcome(0));
        window.begin(1, 0, null, 0);
        queue.measure(window);
        refused(IllegalStateException.class, () -> window.meanSquare(0));
        queue.await();
        refused(IndexOutOfBoundsException.class, () -> window.meanSquare(0));
        refused(IndexOutOfBoundsException.class, () -> window.outcome(0));
    }

    @Test
    void aRowOfAWindowThatIsRefusedIsNotBegun() {
        window.begin(1, 0, null, 0);
        refused(IllegalStateException.class, () -> window.row(rows, 0, rows, 1, closed, 0));
        refused(IndexOutOfBoundsException.class, () -> window.row(rows, 0, rows, 1, rows, 4));
        refused(IllegalArgumentException.class, () -> window.row(rows, 0, rows, 1, longer, 2));
        refused(IllegalStateException.class, () -> window.plus(1, rows, 0));
        refused(IllegalStateException.class, () -> window.old(1, rows, 0));
        refused(IllegalStateException.class, () -> window.carry(0, 1));
        refused(IllegalStateException.class, () -> window.drop(0, 1));
        assertEquals(0, window.rows());
        window.row(rows, 0, rows, 2, rows, 3);
        window.plus(2, rows, 0);
        measure();
        assertArrayEquals(new float[] {1, 2}, read(rows, 2));
        assertArrayEquals(LIVE, read(rows, 1));
        assertEquals(2.5, window.meanSquare(0));
    }

    @Test
    void weightsAreOnlyFormedOfWhatWasMeasured() {
        window.begin(2, 0, grams, 0);
        window.row(rows, 0, rows, 2, rows, 3);
        window.plus(2, rows, 0);
        window.use(0, 1, false);
        refused(IllegalStateException.class, () -> queue.weigh(window));
        queue.measure(window);
        refused(IllegalStateException.class, () -> queue.weigh(window));
        queue.await();
        window.use(0, 3, false);
        refused(IllegalStateException.class, () -> queue.weigh(window));
        window.use(0, 2, false);
        queue.weigh(window);
        refused(IndexOutOfBoundsException.class, () -> window.weight(0, 8));
        refused(IndexOutOfBoundsException.class, () -> window.weight(0, -1));
        assertEquals(1, window.weight(0, 0) + window.weight(0, 1), 1e-12);
        window.row(rows, 1, longerFree(), 0, longerFree(), 1);
        window.plus(2, rows, 0);
        window.use(1, 1, false);
        refused(IllegalStateException.class, () -> queue.weigh(window));
    }

    /** Rows that nothing else names. */
    private Buffer longerFree() {
        return resources.add(DEVICE.allocate(2, 2));
    }

    @Test
    void rowsOnAnotherDeviceAreRefused() {
        Device other = new CountingDevice();
        try (Buffer there = other.allocate(2, 2); Queue queueThere = other.queue()) {
            program.into(there, 0).plus(1, there, 1);
            refused(IllegalArgumentException.class, this::run);
            refused(IllegalArgumentException.class, () -> program.plus(1, rows, 0));
            refused(IllegalArgumentException.class, () -> queue.read(there, 0, new float[2], 0));
            refused(IllegalArgumentException.class, () -> queue.write(new float[2], 0, there, 0));
            queueThere.run(program);
        }
    }

    @Test
    void aClosedQueueDoesNothing() {
        Queue gone = DEVICE.queue();
        program.into(rows, 3).plus(1, rows, 0).squares();
        gone.run(program);
        gone.close();
        gone.close();
        refused(IllegalStateException.class, () -> program.sum(0));
        quantiles.add(rows, 0, 1);
        groups.group(1);
        groups.row().plus(1, rows, 0);
        for (Executable use : new Executable[] {() -> gone.run(program), () -> gone.measure(window), gone::await,
                () -> gone.gram(groups), () -> gone.quantiles(quantiles), () -> gone.read(rows, 0, new float[2], 0),
                () -> gone.write(new float[2], 0, rows, 0)}) {
            refused(IllegalStateException.class, use);
        }
    }

    @Test
    void sizesNoMachineHasAreRefusedAndTakeNothing() {
        long before = NativeMemory.allocatedBytes();
        refused(IllegalArgumentException.class, () -> new GramState(Integer.MAX_VALUE));
        refused(IllegalArgumentException.class, () -> DEVICE.allocate(1, Integer.MAX_VALUE));
        assertThrows(OutOfMemoryError.class, () -> DEVICE.allocate(Integer.MAX_VALUE, Buffer.MAX_DIM));
        assertThrows(OutOfMemoryError.class, () -> DEVICE.allocate(1 << 17, Buffer.MAX_DIM));
        refused(IllegalArgumentException.class, () -> new Resources().allocate(DEVICE, 1L << 31, 1));
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    /** 8 GiB, of which the few pages that are touched take memory. */
    @Test
    void asManyRowsAsAnIntCanCountAreOneBuffer() {
        long before = NativeMemory.allocatedBytes();
        try (Buffer huge = DEVICE.allocate(Integer.MAX_VALUE, 1)) {
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
    void queuesThatGrowAndCloseTakeNothing() {
        long before = NativeMemory.allocatedBytes();
        Queue growing = DEVICE.queue();
        assertEquals(before, NativeMemory.allocatedBytes());
        for (int r = 0; r < 1000; r++) {
            program.row().plus(1, rows, 0).squares();
            program.copy(rows, 0, rows, 2);
            quantiles.add(rows, 0, 0.5);
            groups.group(1);
            groups.row().plus(1, rows, 0);
            if (r % 100 == 99) {
                growing.run(program);
                growing.quantiles(quantiles);
                growing.gram(groups);
                growing.await();
            }
        }
        growing.close();
        assertEquals(before, NativeMemory.allocatedBytes());
        assertEquals(5, program.sum(1998), "what was computed stays");
    }

    @Test
    void partsAreClosedTogetherOrNotAtAll() {
        Resources parts = new Resources();
        Buffer first = parts.add(DEVICE.allocate(1, 1));
        Buffer held = parts.add(DEVICE.allocate(1, 1));
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
