package dev.paraflux.device;

import dev.paraflux.kernel.Kernels;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.Pointer;

/** Runs the CPU kernels at once, on the thread that asks; there is nothing to wait for. */
class CpuLane implements Lane {
    @Override
    public int runProgram(Pointer call) {
        return Kernels.paraflux_row_program(call);
    }

    @Override
    public int measureWindows(Pointer call) {
        return Kernels.paraflux_window_residual(call);
    }

    @Override
    public int multiply(Pointer call) {
        return Kernels.paraflux_row_gram(call);
    }

    @Override
    public int findQuantiles(Pointer call) {
        return Kernels.paraflux_row_quantile(call);
    }

    /** The kernel uses several threads where it is given room for the sums of chunks. */
    @Override
    public long programScratch(int rows, int dim) {
        boolean worth = rows * (long) dim >= Kernels.PARAFLUX_WORTH_THREADS && Kernels.paraflux_row_threads() > 1;
        return worth ? Kernels.paraflux_row_program_scratch(rows, dim) : 0;
    }

    @Override
    public long windowScratch(WindowTable table, int dim) {
        return Kernels.paraflux_window_scratch(table.list().longest(table.rows()),
                table.list().mostEstimates(table.estimates().size()));
    }

    @Override
    public long gramScratch(GramTable table, int dim) {
        return 0;
    }

    @Override
    public void copyOut(Buffer buffer, int row, float[] into, int offset, UnderWay underWay) {
        buffer.read(row, into, offset);
    }

    @Override
    public void copyOut(Buffer buffer, int row, FloatBuffer into, UnderWay underWay) {
        buffer.read(row, into);
    }

    @Override
    public void copyIn(float[] from, int offset, Buffer buffer, int row, UnderWay underWay) {
        buffer.write(row, from, offset);
    }

    @Override
    public void copyIn(FloatBuffer from, Buffer buffer, int row, UnderWay underWay) {
        buffer.write(row, from);
    }

    @Override
    public void copy(long to, long from, long bytes, Device other) {
        Pointer.memmove(new Address(to), new Address(from), bytes);
    }

    @Override
    public void spoil(long to, long bytes) {
        Pointer.memset(new Address(to), 0xFF, bytes);
    }

    @Override
    public void finish() {}
}
