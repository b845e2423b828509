package dev.paraflux.benchmarks;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
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
 * Programs of rows against the memory's own speed. All move the same number of rows: {@code copy} reads and writes two
 * rows for each row that {@code update} makes of three (x = a x + b m + c z: three read, one written), so that the two
 * move the same bytes and the ratio of their times is the share of the memory's bandwidth that the update reaches.
 * {@code squares} reads two rows and is half of that. The update by others: {@code javaLoop} in plain Java on heap arrays,
 * {@code openBlas} by calls of OpenBLAS, {@code tensors} by libtorch's operations in float64, as official codes write it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowBenchmark {
    @Param({"1x784", "25x16384", "100x16384", "28x262144"})
    String size;

    private int rows;
    private int dim;
    private Buffer x;
    private Buffer m;
    private Buffer z;
    private Buffer y;
    private final RowProgram updates = new RowProgram();
    private final RowProgram squares = new RowProgram();
    private final RowProgram copies = new RowProgram();
    private Queue queue;
    private final PeerRows peers = new PeerRows();
    private float[] heapX;
    private float[] heapM;
    private float[] heapZ;

    @Setup
    public void allocate() {
        String[] sizes = size.split("x");
        rows = Integer.parseInt(sizes[0]);
        dim = Integer.parseInt(sizes[1]);
        queue = Device.cpu().queue();
        x = Device.cpu().allocate(rows, dim);
        m = Device.cpu().allocate(rows, dim);
        z = Device.cpu().allocate(rows, dim);
        y = Device.cpu().allocate(rows, dim);
        for (int r = 0; r < rows; r++) {
            updates.into(x, r).plus(0.9, x, r).plus(0.1, m, r).plus(0.01, z, r);
            squares.row().plus(1, x, r).plus(-1, m, r).squares();
            copies.copy(x, r, y, r);
            copies.copy(m, r, z, r);
        }
        peers.allocate(rows, dim);
        heapX = new float[rows * dim];
        heapM = new float[rows * dim];
        heapZ = new float[rows * dim];
    }

    @TearDown
    public void close() {
        x.close();
        m.close();
        z.close();
        y.close();
        queue.close();
        peers.close();
    }

    @Benchmark
    public void copy() {
        run(copies);
    }

    @Benchmark
    public void update() {
        run(updates);
    }

    @Benchmark
    public double squares() {
        run(squares);
        return squares.sum(0);
    }

    private void run(RowProgram program) {
        queue.run(program);
        queue.await();
    }

    @Benchmark
    public float[] javaLoop() {
        for (int e = 0; e < heapX.length; e++) {
            heapX[e] = (float) (0.9 * heapX[e] + 0.1 * heapM[e] + 0.01 * heapZ[e]);
        }
        return heapX;
    }

    @Benchmark
    public void openBlas() {
        peers.openBlas();
    }

    @Benchmark
    public void tensors() {
        peers.tensors();
    }
}
