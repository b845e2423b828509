package dev.paraflux.benchmarks;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.RowCopies;
import dev.paraflux.device.RowTable;
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
 * The row kernels against the memory's own speed. All move the same number of rows: {@code copy} reads and writes two
 * rows for each row that {@code update} makes of three (x = a x + b m + c z: three read, one written), so that the two
 * move the same bytes and the ratio of their times is the share of the memory's bandwidth that the update reaches.
 * {@code norms} reads two rows and is half of that. {@code javaLoop} is the update in plain Java on heap arrays.
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
    private final RowTable updates = new RowTable();
    private final RowTable norms = new RowTable();
    private final RowCopies copies = new RowCopies();
    private float[] heapX;
    private float[] heapM;
    private float[] heapZ;

    @Setup
    public void allocate() {
        String[] sizes = size.split("x");
        rows = Integer.parseInt(sizes[0]);
        dim = Integer.parseInt(sizes[1]);
        x = Device.cpu().allocate(rows, dim);
        m = Device.cpu().allocate(rows, dim);
        z = Device.cpu().allocate(rows, dim);
        y = Device.cpu().allocate(rows, dim);
        for (int r = 0; r < rows; r++) {
            updates.into(x, r).plus(0.9, x, r).plus(0.1, m, r).plus(0.01, z, r);
            norms.row().plus(1, x, r).plus(-1, m, r);
            copies.add(x, r, y, r);
            copies.add(m, r, z, r);
        }
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
        updates.close();
        norms.close();
        copies.close();
    }

    @Benchmark
    public void copy() {
        copies.copy();
    }

    @Benchmark
    public void update() {
        updates.update();
    }

    @Benchmark
    public double norms() {
        norms.norms();
        return norms.sum(0);
    }

    @Benchmark
    public float[] javaLoop() {
        for (int e = 0; e < heapX.length; e++) {
            heapX[e] = (float) (0.9 * heapX[e] + 0.1 * heapM[e] + 0.01 * heapZ[e]);
        }
        return heapX;
    }
}
