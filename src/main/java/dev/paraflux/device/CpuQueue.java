package dev.paraflux.device;

import dev.paraflux.kernel.Kernels;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.Pointer;

/** Runs the CPU kernels at once, on the thread that asks; there is nothing to wait for. */
class CpuQueue extends Queue {
    CpuQueue(Device device) {
        super(device);
    }

    @Override
    int runProgram(Pointer call) {
        return Kernels.paraflux_row_program(call);
    }

    @Override
    int measureWindows(Pointer call) {
        return Kernels.paraflux_window_residual(call);
    }

    @Override
    int multiply(Pointer call) {
        return Kernels.paraflux_row_gram(call);
    }

    @Override
    int findQuantiles(Pointer call) {
        return Kernels.paraflux_row_quantile(call);
    }

    /** The kernel uses several threads where it is given room for the sums of chunks. */
    @Override
    int programScratch(int rows, int dim) {
        boolean worth = rows * (long) dim >= Kernels.PARAFLUX_WORTH_THREADS && Kernels.paraflux_row_threads() > 1;
        return worth ? Math.toIntExact(Kernels.paraflux_row_program_scratch(rows, dim)) : 0;
    }

    @Override
    long windowScratch(int longest, int dim) {
        return Kernels.paraflux_window_scratch(longest, dim);
    }

    @Override
    void copyOut(Buffer buffer, int row, float[] into, int offset) {
        buffer.read(row, into, offset);
    }

    @Override
    void copyOut(Buffer buffer, int row, FloatBuffer into) {
        buffer.read(row, into);
    }

    @Override
    void copyIn(float[] from, int offset, Buffer buffer, int row) {
        buffer.write(row, from, offset);
    }

    @Override
    void copyIn(FloatBuffer from, Buffer buffer, int row) {
        buffer.write(row, from);
    }

    @Override
    void finish() {}
}
