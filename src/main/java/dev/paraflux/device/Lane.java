package dev.paraflux.device;

import dev.paraflux.kernel.Kernels;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.Pointer;

/**
 * How a {@link Queue} has its device work: the calls of the kernels, the copies, and the wait. What is asked for has been
 * checked, and buffers are held meanwhile, but for copies of a row out and in, which see to theirs; it is done in order, and
 * is there after {@link #finish()}. Calls give 0, or an error for {@link Device#words}.
 */
interface Lane {
    /** Calls row_program. */
    int runProgram(Pointer call);

    /** Calls window_residual. */
    int measureWindows(Pointer call);

    /** Calls anderson_weights, on the host, which are there at once. */
    default int weighWindows(Pointer call) {
        return Kernels.paraflux_anderson_weights(call);
    }

    /** Calls row_gram. */
    int multiply(Pointer call);

    /** Calls row_quantile. */
    int findQuantiles(Pointer call);

    /** Doubles that row_program works in on so many rows, beside their sums; 0 for none. */
    long programScratch(int rows, int dim);

    /** Doubles that window_residual works in on the windows of a table. */
    long windowScratch(WindowTable table, int dim);

    /** Doubles that row_gram works in on the groups of a table; 0 for none. */
    long gramScratch(GramTable table, int dim);

    /** Copies a row out, which is there after {@link UnderWay#settle}. */
    void copyOut(Buffer buffer, int row, float[] into, int offset, UnderWay underWay);

    /** Copies a row out, to where the buffer's position is; as that. */
    void copyOut(Buffer buffer, int row, FloatBuffer into, UnderWay underWay);

    /** Copies a row in, which has been read on return. */
    void copyIn(float[] from, int offset, Buffer buffer, int row, UnderWay underWay);

    /** Copies a row in, from where the buffer's position is; as that. */
    void copyIn(FloatBuffer from, Buffer buffer, int row, UnderWay underWay);

    /**
     * Copies bytes between the device's memory and another's, or within it.
     *
     * @param other where that lies: on this device, or on one that it {@linkplain Device#reaches reaches}
     */
    void copy(long to, long from, long bytes, Device other);

    /** Has what it is given from now on wait for what another lane, of this device or one that it reaches, was given so far. */
    default void follow(Lane other) {}

    /** Sets all bits of the device's memory from an address on: floats there are not a number. */
    void spoil(long to, long bytes);

    /**
     * Waits for all work.
     *
     * @throws IllegalStateException if work has failed
     */
    void finish();

    /**
     * Captures what a task gives to the lane, which is not done, as one piece of work.
     *
     * @throws IllegalStateException if the device has no graphs, or cannot hold what the task does; what the task itself throws
     *                               is thrown on
     */
    default Captured capture(Runnable work) {
        throw new IllegalStateException("there are no graphs on this device");
    }

    /** Work that can be given to its lane again and again. */
    interface Captured {
        /** Gives all of it to the lane. */
        void launch();

        /** Gives back what it holds, once nobody uses it, whatever has become of the device. */
        void free();
    }

    /** What the device calls the order that it works in: a cudaStream_t; 0 where it has none. */
    default long handle() {
        return 0;
    }

    /** Gives back what it holds, once nobody uses it, whatever has become of the device. */
    default void close() {}
}
