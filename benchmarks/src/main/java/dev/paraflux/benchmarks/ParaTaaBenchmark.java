package dev.paraflux.benchmarks;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.GramState;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.device.WindowTable;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One ParaTAA update of 100 rows of 16384 values (an SD-1.5 latent), three iterates: residuals of order k, Gram row,
 * prefix sums, solves, new rows. Counted by the least it must move, (2 m + 4) slabs of all rows, 65.5 MB; {@code copy}
 * moves just as many bytes, so that the ratio of the times is the share of the memory's bandwidth that is reached.
 * The same by others, on one thread: {@code torchTensors} with libtorch's operations in float64, in matrices, as the official
 * code does; {@code openBlas} and {@code javaLoops} row by row, in float32.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ParaTaaBenchmark {
    private static final int ROWS = 100;
    private static final int DIM = 16384;
    private static final int HISTORY = 3;

    @Param({"20", "100"})
    int order;

    private final WindowTable window = new WindowTable();
    private final GramState grams = new GramState(ROWS);
    private final RowProgram updates = new RowProgram();
    private final RowProgram copies = new RowProgram();
    private final Queue queue = Device.cpu().queue();
    private Buffer states;
    private Buffer predictions;
    private Buffer residuals;
    private Buffer maps;
    private Buffer source;
    private Buffer target;
    private TorchParaTaa torch;
    private PlainParaTaa blas;
    private PlainParaTaa java;
    private int round;

    @Setup
    public void fill() {
        states = random(ROWS + 1);
        predictions = random(ROWS + 1);
        residuals = random(ROWS * HISTORY);
        maps = random(ROWS * HISTORY);
        source = random((HISTORY + 2) * ROWS);
        target = random((HISTORY + 2) * ROWS);
        for (int i = 0; i < (HISTORY + 2) * ROWS; i++) {
            copies.copy(source, i, target, i);
        }
        torch = new TorchParaTaa(ROWS, DIM, HISTORY, order);
        blas = new PlainParaTaa(RowArithmetic.openBlas(PlainParaTaa.slabs(ROWS, HISTORY), DIM), ROWS, HISTORY, order);
        java = new PlainParaTaa(RowArithmetic.plainJava(PlainParaTaa.slabs(ROWS, HISTORY), DIM), ROWS, HISTORY, order);
    }

    private static Buffer random(int rows) {
        Random random = new Random(rows);
        Buffer buffer = Device.cpu().allocate(rows, DIM);
        float[] row = new float[DIM];
        for (int i = 0; i < rows; i++) {
            for (int e = 0; e < DIM; e++) {
                row[e] = (float) random.nextGaussian();
            }
            buffer.write(i, row);
        }
        return buffer;
    }

    @TearDown
    public void close() {
        for (Buffer buffer : new Buffer[] {states, predictions, residuals, maps, source, target}) {
            buffer.close();
        }
        torch.close();
        blas.close();
        java.close();
        grams.close();
        queue.close();
    }

    @Benchmark
    public void copy() {
        queue.run(copies);
        queue.await();
    }

    @Benchmark
    public void update() {
        round++;
        window.clear();
        window.begin(HISTORY, 1e-3, grams, 0);
        for (int i = 0; i < ROWS; i++) {
            window.row(states, i + 1, residuals, iterate(i, 0), maps, iterate(i, 0));
            window.plus(1.001, states, i);
            window.plus(-0.002, predictions, i);
            if (i > 0) {
                window.carry(i - 1, 1.001);
            }
            if (i >= order) {
                window.drop(i - order, Math.pow(1.001, order));
            }
            for (int age = 1; age < HISTORY; age++) {
                window.old(age, residuals, iterate(i, age));
            }
        }
        queue.measure(window);
        queue.await();
        for (int i = 0; i < ROWS; i++) {
            window.use(i, HISTORY, i == 0);
        }
        queue.weigh(window);
        updates.clear();
        for (int i = 0; i < ROWS; i++) {
            updates.into(states, i + 1);
            for (int age = 0; age < HISTORY; age++) {
                updates.plus(window.weight(i, age), maps, iterate(i, age));
            }
        }
        queue.run(updates);
        queue.await();
    }

    private int iterate(int i, int age) {
        return i * HISTORY + Math.floorMod(round - age, HISTORY);
    }

    @Benchmark
    public void torchTensors() {
        torch.update();
    }

    @Benchmark
    public void openBlas() {
        blas.update();
    }

    @Benchmark
    public void javaLoops() {
        java.update();
    }
}
