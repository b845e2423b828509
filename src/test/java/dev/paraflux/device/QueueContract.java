package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Tolerances;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the queues of every device keep to; a device's test inherits it. The oracle is plain Java; rows must have its
 * bits, sums may differ from it by their order, and must have the bits of the CPU's. Rows are reached by the queue alone.
 */
abstract class QueueContract extends RowsOfQueue {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 17, 255, 784, 4095, 4096, 4097, 70001})
    void rowsComeBackAsTheyWereWritten(int dim) {
        float[][] values = random(dim);
        Buffer rows = written(values);
        float[] wide = new float[dim + 5];
        Arrays.fill(wide, 9);
        queue().read(rows, 3, wide, 2);
        queue().await();
        assertArrayEquals(values[3], Arrays.copyOfRange(wide, 2, dim + 2));
        assertArrayEquals(new float[] {9, 9}, Arrays.copyOf(wide, 2), "before the offset");
        assertEquals(9, wide[dim + 2], "after the row");
        FloatBuffer direct = ByteBuffer.allocateDirect(4 * (dim + 3)).order(ByteOrder.nativeOrder()).asFloatBuffer();
        direct.position(2);
        queue().read(rows, 5, direct);
        queue().await();
        assertEquals(2, direct.position());
        for (int e = 0; e < dim; e++) {
            assertEquals(values[5][e], direct.get(2 + e));
        }
        queue().write(direct, rows, 0);
        direct.put(2, -1);
        assertArrayEquals(values[5], read(rows, 0), "it was read when the call returned");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 17, 4097})
    void everyValueOfRowsThatAreSpoiltIsNotANumberAndNoOther(int dim) {
        float[][] values = random(dim);
        Buffer rows = written(values);
        queue().spoil(rows, 2, 3);
        for (int row = 0; row < values.length; row++) {
            float[] expected = values[row].clone();
            if (row >= 2 && row < 5) {
                Arrays.fill(expected, Float.NaN);
            }
            assertArrayEquals(expected, read(rows, row), "row " + row);
        }
        assertThrows(IndexOutOfBoundsException.class, () -> queue().spoil(rows, values.length - 1, 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 17, 784, 4097, 70001})
    void rowsOfAProgramRunInOrder(int dim) {
        float[][] x = random(dim);
        Buffer rows = written(x);
        RowProgram program = new RowProgram();
        program.into(rows, 2).plus(0.5, rows, 0).plus(-0.25, rows, 1);
        program.into(rows, 0).plus(3, rows, 2).compare(rows, 0, -1, 1);
        program.copy(rows, 0, rows, 1);
        program.row().plus(1, rows, 1).plus(-1, rows, 3).squares();
        program.into(rows, 4).plus(1, rows, 1).blend(rows, 5, rows, 6).total();
        program.into(rows, 7).plus(1, rows, 4).clamp(-0.5, 0.75, 2);
        queue().run(program);
        queue().await();
        float[][] expected = new float[ROWS][];
        Arrays.setAll(expected, r -> x[r].clone());
        double change = 0;
        double squares = 0;
        double total = 0;
        for (int e = 0; e < dim; e++) {
            expected[2][e] = (float) (0.5 * x[0][e] + -0.25 * x[1][e]);
            expected[0][e] = (float) (3.0 * expected[2][e]);
            change += Math.abs((double) cut(expected[0][e]) - cut(x[0][e]));
            expected[1][e] = expected[0][e];
            double difference = (double) expected[1][e] - x[3][e];
            squares += difference * difference;
            expected[4][e] = (float) ((double) x[5][e] * expected[1][e] + (1 - (double) x[5][e]) * x[6][e]);
            total += expected[1][e];
            expected[7][e] = (float) (Math.min(Math.max(expected[4][e], -0.5), 0.75) / 2);
        }
        for (int r = 0; r < ROWS; r++) {
            assertArrayEquals(expected[r], read(rows, r), "row " + r);
        }
        assertEquals(change, program.sum(1), Tolerances.DOUBLE_SUM * change);
        assertEquals(squares, program.sum(3), Tolerances.DOUBLE_SUM * squares);
        assertEquals(total, program.sum(4), Tolerances.DOUBLE_SUM * 10 * dim);
    }

    private static float cut(float value) {
        return Math.min(1, Math.max(-1, value));
    }

    /** Sums have the bits that they have on the CPU. */
    @ParameterizedTest
    @ValueSource(ints = {1, 784, 4097, 70001})
    void sumsHaveTheBitsOfTheCpus(int dim) {
        float[][] x = random(dim);
        double[] here = sums(queue(), written(x));
        try (Buffer rows = Device.cpu().allocate(ROWS, dim); Queue cpu = Device.cpu().queue()) {
            for (int r = 0; r < ROWS; r++) {
                rows.write(r, x[r]);
            }
            assertArrayEquals(sums(cpu, rows), here);
        }
    }

    /** Of every kind, on rows that are equal in both; the same program leaves the same rows. */
    private static double[] sums(Queue queue, Buffer rows) {
        RowProgram program = new RowProgram();
        program.row().plus(1, rows, 0).plus(2, rows, 1).squares();
        program.row().plus(1, rows, 2).total();
        program.into(rows, 7).plus(0.5, rows, 0).compare(rows, 7, -1, 1);
        GramTable grams = new GramTable();
        grams.group(3);
        grams.row().plus(1, rows, 0).row().plus(1, rows, 1).plus(-1, rows, 2).row().plus(3, rows, 3);
        RowQuantiles quantiles = new RowQuantiles();
        quantiles.add(rows, 4, 0.995);
        WindowTable windows = new WindowTable();
        for (int w = 0; w < 2; w++) {
            windows.begin(1, 0, null, 0);
            windows.estimates().node(rows, 0, rows, 1, rows, 7);
            windows.estimates().linear(2, 0.1);
            windows.row(rows, 0, rows, 5, rows, 6);
            windows.plus(0.5, rows, 1 + w);
            windows.plusEstimate(0.3, w);
        }
        queue.run(program);
        queue.gram(grams);
        queue.quantiles(quantiles);
        queue.measure(windows);
        queue.await();
        return new double[] {program.sum(0), program.sum(1), program.sum(2), grams.inner(0, 0, 1), grams.inner(0, 1, 2),
                grams.inner(0, 2, 2), quantiles.value(0), windows.meanSquare(0), windows.meanSquareUnrolled(1),
                windows.estimates().meanSquareChange(1)};
    }

    @Test
    void numbersAreThereAfterTheWaitAndNotBefore() {
        Buffer rows = written(new float[][] {{3, 4}, {0, 0}, {0, 0}});
        RowProgram program = new RowProgram();
        program.row().plus(1, rows, 0).squares();
        GramTable grams = new GramTable();
        grams.group(1);
        grams.row().plus(1, rows, 0);
        RowQuantiles quantiles = new RowQuantiles();
        quantiles.add(rows, 0, 1);
        WindowTable windows = new WindowTable();
        windows.begin(1, 0, null, 0);
        windows.row(rows, 0, rows, 1, rows, 2);
        windows.plus(2, rows, 0);
        Executable[] reads = {() -> program.sum(0), () -> grams.inner(0, 0, 0), () -> quantiles.value(0),
                () -> windows.meanSquare(0), () -> windows.meanSquareUnrolled(0)};
        queue().run(program);
        queue().gram(grams);
        queue().quantiles(quantiles);
        queue().measure(windows);
        for (Executable read : reads) {
            assertThrows(IllegalStateException.class, read);
        }
        queue().await();
        assertEquals(25, program.sum(0));
        assertEquals(25, grams.inner(0, 0, 0));
        assertEquals(4, quantiles.value(0));
        assertEquals(12.5, windows.meanSquare(0));
        assertEquals(12.5, windows.meanSquareUnrolled(0));
    }

    @Test
    void listsMayBeRefilledAsSoonAsTheyRun() {
        Buffer rows = written(new float[][] {{1, 2}, {0, 0}, {0, 0}});
        RowProgram program = new RowProgram();
        for (int r = 0; r < 2; r++) {
            program.clear();
            program.into(rows, r + 1).plus(10, rows, r);
            queue().run(program);
        }
        assertArrayEquals(new float[] {100, 200}, read(rows, 2));
    }

    @Test
    void emptyListsAreNoWork() {
        RowProgram program = new RowProgram();
        WindowTable windows = new WindowTable();
        queue().run(program);
        queue().measure(windows);
        queue().gram(new GramTable());
        queue().quantiles(new RowQuantiles());
        queue().await();
        queue().weigh(windows);
        assertThrows(IndexOutOfBoundsException.class, () -> program.sum(0));
        assertThrows(IndexOutOfBoundsException.class, () -> windows.meanSquare(0));
    }

    @Test
    void aQueueIsNotClosedByWhatItRefuses() {
        Buffer rows = written(new float[][] {{1}, {2}});
        RowProgram program = new RowProgram();
        program.into(rows, 1);
        assertThrows(IllegalStateException.class, () -> queue().run(program));
        program.plus(3, rows, 0);
        queue().run(program);
        assertArrayEquals(new float[] {3}, read(rows, 1));
    }

    @Test
    void copiesOutsideARowAreRefused() {
        Buffer rows = written(new float[][] {{1, 2, 3}});
        float[] three = new float[3];
        assertThrows(IndexOutOfBoundsException.class, () -> queue().read(rows, 1, three, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> queue().read(rows, 0, three, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> queue().write(three, -1, rows, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> queue().write(FloatBuffer.wrap(new float[2]), rows, 0));
        assertThrows(IndexOutOfBoundsException.class,
                () -> queue().read(rows, 0, FloatBuffer.wrap(three).limit(2)));
        assertThrows(java.nio.ReadOnlyBufferException.class,
                () -> queue().read(rows, 0, FloatBuffer.wrap(three).asReadOnlyBuffer()));
        assertArrayEquals(new float[] {1, 2, 3}, read(rows, 0));
        assertArrayEquals(new float[3], three);
    }

    @Test
    void acceleratedWindowsAreWeighedFromWhatTheQueueMeasured() {
        Buffer rows = written(new float[][] {{1, 0}, {0, 0}, {0, 0}, {0, 0}, {0.5f, 0.25f}, {2, 1}});
        try (GramState grams = new GramState(1)) {
            WindowTable windows = new WindowTable();
            for (int round = 0; round < 2; round++) {
                windows.clear();
                windows.begin(2, 0, grams, 0);
                windows.row(rows, 0, rows, 1 + round, rows, 3);
                windows.plus(1, rows, 4 + round);
                if (round > 0) {
                    windows.old(1, rows, 1);
                }
                queue().measure(windows);
                queue().await();
                windows.use(0, 1 + round, false);
                queue().weigh(windows);
            }
            // R_0 = (-0.5, 0.25), R_1 = (1, 1): gamma = dR R_1 / dR dR with dR = (1.5, 0.75).
            double gamma = 2.25 / 2.8125;
            assertEquals(WindowTable.Outcome.ACCELERATED, windows.outcome(0));
            assertEquals(1 - gamma, windows.weight(0, 0), 1e-12);
            assertEquals(gamma, windows.weight(0, 1), 1e-12);
            assertTrue(windows.weight(0, 2) == 0);
        }
    }
}
