package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several threads for long rows: faster or not, the same bits. */
class RowThreadsTest {
    private static final Device CPU = Device.cpu();
    private static final int DIM = 70_001;
    private static final int ROWS = 10 + Kernels.PARAFLUX_WORTH_THREADS / DIM;

    private final int before = Device.rowThreads();

    @AfterEach
    void restore() {
        Device.setRowThreads(before);
    }

    /** What a program of rows that ask of each other leaves, and its sums. */
    private static List<float[]> run(int threads) {
        Device.setRowThreads(threads);
        List<float[]> left = new ArrayList<>();
        try (Buffer rows = CPU.allocate(5, DIM); Queue queue = CPU.queue()) {
            RandomRows.fill(rows, new Random(3));
            RowProgram program = new RowProgram();
            for (int r = 0; r < ROWS; r++) {
                program.into(rows, r % 4).plus(0.9, rows, (r + 1) % 4).plus(0.2, rows, 4);
                switch (r % 3) {
                    case 0 -> program.squares();
                    case 1 -> program.compare(rows, (r + 2) % 4, -1, 1);
                    default -> program.clamp(-3, 3, 1);
                }
            }
            for (int time = 0; time < 2; time++) {
                queue.run(program);
                queue.await();
                float[] sums = new float[2 * ROWS];
                for (int r = 0; r < ROWS; r++) {
                    long bits = r % 3 == 2 ? 0 : Double.doubleToLongBits(program.sum(r));
                    sums[2 * r] = (int) bits;
                    sums[2 * r + 1] = (int) (bits >>> 32);
                }
                left.add(sums);
            }
            for (int r = 0; r < 4; r++) {
                left.add(RandomRows.read(rows, r));
            }
        }
        return left;
    }

    private static void assertSame(List<float[]> expected, List<float[]> found, String what) {
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), found.get(i), what + ", " + i);
        }
    }

    @Test
    void bitsDoNotDependOnTheNumberOfThreads() {
        List<float[]> one = run(1);
        for (int threads : new int[] {2, 3, 8, 64, 1}) {
            assertSame(one, run(threads), threads + " threads");
        }
    }

    @Test
    void programsOfSeveralCallersDoNotMix() {
        List<float[]> one = run(1);
        List<CompletableFuture<List<float[]>>> runs = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
            runs.add(CompletableFuture.supplyAsync(() -> run(3)));
        }
        runs.forEach(run -> assertSame(one, run.join(), "several callers"));
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        for (int count : new int[] {0, -1, 65}) {
            assertEquals("count " + count + ": must be 1 to 64",
                    assertThrows(IllegalArgumentException.class, () -> Device.setRowThreads(count)).getMessage());
        }
        assertEquals(before, Device.rowThreads());
        Device.setRowThreads(64);
        assertEquals(64, Device.rowThreads());
    }
}
