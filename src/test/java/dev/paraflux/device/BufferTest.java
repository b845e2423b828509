package dev.paraflux.device;

import static dev.paraflux.device.RandomRows.fill;
import static dev.paraflux.device.RandomRows.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BufferTest {
    private static final Device DEVICE = Device.byDefault();

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 17", "3, 5", "7, 255", "2, 4097", "100, 3"})
    void rowsAreZeroAlignedAndDense(int rows, int dim) {
        // Memory that was used before shows whether zeroing is ours or luck.
        try (Buffer dirty = DEVICE.allocate(rows, dim)) {
            fill(dirty, new Random(1));
        }
        try (Buffer buffer = DEVICE.allocate(rows, dim)) {
            assertEquals(0, buffer.address(0) % 64, "64-byte alignment");
            float[] row = new float[dim];
            for (int r = 0; r < rows; r++) {
                assertEquals(buffer.address(0) + 4L * dim * r, buffer.address(r));
                Arrays.fill(row, 1);
                buffer.read(r, row);
                assertArrayEquals(new float[dim], row, "row " + r);
            }
            assertEquals(rows, buffer.rows());
            assertEquals(dim, buffer.dim());
            assertEquals(4L * rows * dim, buffer.bytes());
            assertSame(DEVICE, buffer.device());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 16, 17, 255, 4097})
    void rowsComeBackAsTheyWereWritten(int dim) {
        try (Buffer buffer = DEVICE.allocate(5, dim)) {
            float[][] rows = fill(buffer, new Random(dim));
            float[] wide = new float[dim + 9];
            for (int r = 0; r < 5; r++) {
                Arrays.fill(wide, -1);
                buffer.read(r, wide, 4);
                assertArrayEquals(rows[r], Arrays.copyOfRange(wide, 4, dim + 4), "row " + r);
                assertArrayEquals(new float[] {-1, -1, -1, -1}, Arrays.copyOf(wide, 4), "before the offset");
                assertEquals(-1, wide[dim + 4], "after the row");
            }
            buffer.write(2, wide, 4);
            assertArrayEquals(rows[4], read(buffer, 2), "written from an offset");
            assertArrayEquals(rows[1], read(buffer, 1), "the row before");
            assertArrayEquals(rows[3], read(buffer, 3), "the row after");
        }
    }

    @Test
    void bitsOfAValueAreKept() {
        float[] odd = {Float.NaN, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE, Float.MAX_VALUE};
        try (Buffer buffer = DEVICE.allocate(1, odd.length)) {
            buffer.write(0, odd);
            assertArrayEquals(odd, read(buffer, 0));
        }
    }

    @Test
    void longerArraysAreTakenFromTheirStart() {
        try (Buffer buffer = DEVICE.allocate(1, 2)) {
            buffer.write(0, new float[] {1, 2, 3});
            assertArrayEquals(new float[] {1, 2}, read(buffer, 0));
        }
    }

    @Test
    void placesOutsideAreRefused() {
        try (Buffer buffer = DEVICE.allocate(2, 3)) {
            for (int row : new int[] {-1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                outside(() -> buffer.address(row));
                outside(() -> buffer.read(row, new float[3]));
                outside(() -> buffer.write(row, new float[3]));
            }
            outside(() -> buffer.read(0, new float[2]));
            outside(() -> buffer.write(0, new float[2]));
            outside(() -> buffer.read(0, new float[5], 3));
            outside(() -> buffer.write(0, new float[5], -1));
            outside(() -> buffer.write(0, new float[5], Integer.MAX_VALUE));
            assertArrayEquals(new float[3], read(buffer, 0), "nothing was written");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 3", "3, 0", "-1, 3", "3, -2147483648"})
    void emptySizesAreRefused(int rows, int dim) {
        String message = assertThrows(IllegalArgumentException.class, () -> DEVICE.allocate(rows, dim)).getMessage();
        assertEquals(rows < 1 ? "rows " + rows + ": must be 1 or more"
                : "dim " + dim + ": must be 1 to " + Buffer.MAX_DIM, message);
    }

    @Test
    void rowsLongerThanAJavaBufferAreRefused() {
        int dim = Integer.MAX_VALUE / 4 + 1;
        String message = assertThrows(IllegalArgumentException.class, () -> DEVICE.allocate(1, dim)).getMessage();
        assertEquals("dim " + dim + ": must be 1 to " + Integer.MAX_VALUE / 4, message);
    }

    @Test
    void memoryThatIsNotToBeHadIsAnErrorAndNotACrash() {
        // More than the address space of any x86-64 process.
        OutOfMemoryError error = assertThrows(OutOfMemoryError.class,
                () -> DEVICE.allocate(Integer.MAX_VALUE, Integer.MAX_VALUE / 4));
        assertTrue(
                error.getMessage()
                        .startsWith("no memory for Buffer[2147483647 x 536870911]: 4611686007689969668 bytes "),
                error.getMessage());
    }

    @Test
    void useAfterCloseIsRefused() {
        Buffer buffer = DEVICE.allocate(2, 3);
        buffer.close();
        for (Executable use : new Executable[] {() -> buffer.address(0), () -> buffer.read(0, new float[3]),
                () -> buffer.write(0, new float[3]), buffer::acquire}) {
            assertEquals("Buffer is closed", assertThrows(IllegalStateException.class, use).getMessage());
        }
        assertEquals(2, buffer.rows(), "its size is still known");
    }

    @Test
    void secondCloseDoesNothing() {
        Buffer buffer = DEVICE.allocate(1, 1);
        buffer.close();
        assertDoesNotThrow(buffer::close);
    }

    @Test
    void closeWhileInUseIsRefused() {
        Buffer buffer = DEVICE.allocate(1, 1);
        buffer.acquire();
        assertThrows(IllegalStateException.class, buffer::close);
        buffer.write(0, new float[] {5});
        assertArrayEquals(new float[] {5}, read(buffer, 0), "it is still open");
        buffer.release();
        buffer.close();
        assertThrows(IllegalStateException.class, buffer::acquire);
    }

    @Test
    void closingGivesTheMemoryBack() throws Exception {
        // 64 KiB a buffer: if nothing were freed, 10,000 of them would be 640 MiB.
        cycle(1000);
        long before = Memory.residentBytes();
        cycle(10_000);
        long grown = Memory.residentBytes() - before;
        assertTrue(grown < 64 << 20, "resident memory grew by " + grown + " bytes");
    }

    private static void cycle(int times) {
        float[] row = new float[1024];
        for (int i = 0; i < times; i++) {
            try (Buffer buffer = DEVICE.allocate(16, 1024)) {
                buffer.write(i % 16, row);
            }
        }
    }

    private static void outside(Executable use) {
        assertThrows(IndexOutOfBoundsException.class, use);
    }

    @Test
    void singleValuesAreReadAndWrittenWhereTheyLie() {
        try (Buffer buffer = Device.byDefault().allocate(2, 3)) {
            buffer.put(1, 2, 5);
            float[] row = new float[3];
            buffer.read(1, row);
            assertArrayEquals(new float[] {0, 0, 5}, row);
            assertEquals(5, buffer.get(1, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> buffer.put(1, 3, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> buffer.get(2, 0));
        }
    }
}
