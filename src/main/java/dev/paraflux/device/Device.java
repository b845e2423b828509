package dev.paraflux.device;

import dev.paraflux.check.Require;
import dev.paraflux.kernel.Kernels;
import dev.paraflux.kernel.NativeLibrary;

/** A place where rows live and kernels run. Immutable and thread-safe; the buffers and queues it
 * makes are the caller's. */
public abstract class Device {

    Device() {}

    /**
     * The CPU, with the best instruction set that it has.
     *
     * @throws IllegalStateException if the native library cannot be loaded
     */
    public static Device cpu() {
        NativeLibrary.require();
        return CpuDevice.INSTANCE;
    }

    /**
     * A CUDA device. Not available yet: the kernels have CUDA twins, the buffers do not, so this explains what is missing.
     *
     * @param index the device, 0 to the number of devices - 1
     * @throws IllegalArgumentException if the index is negative
     * @throws IllegalStateException always, in words that say what to do
     */
    public static Device cuda(int index) {
        Require.atLeast(0, "index", index);
        NativeLibrary.require();
        int count = Kernels.paraflux_cuda_device_count();
        if (count == 0) {
            throw new IllegalStateException("no CUDA device: " + cudaMessage()
                    + ". Install an NVIDIA driver for CUDA 13 or newer, or use Device.cpu()");
        }
        if (index >= count) {
            throw new IllegalStateException("CUDA device " + index + " does not exist: legal indices are 0 to "
                    + (count - 1) + " (" + cudaMessage() + ")");
        }
        throw new IllegalStateException("CUDA device " + index + " is present (" + cudaMessage()
                + "), but sampling on CUDA is not supported in this version; use Device.cpu()");
    }

    /** What the native library says about CUDA here: the devices' names, or why there are none. */
    public static String cudaMessage() {
        NativeLibrary.require();
        return Kernels.paraflux_cuda_message().getString();
    }

    /** The instruction set that the CPU kernels run with: {@code avx512}, {@code avx2} or {@code baseline}. */
    public static String instructionSet() {
        NativeLibrary.require();
        return Kernels.paraflux_isa().getString();
    }

    /** Threads that a program of rows may use on the CPU, the calling one included; see {@link #setRowThreads}. */
    public static int rowThreads() {
        NativeLibrary.require();
        return Kernels.paraflux_row_threads();
    }

    /**
     * Sets how many threads a program of rows may use on the CPU, the calling one included: 1 unless set here or by the
     * environment variable {@code PARAFLUX_ROW_THREADS}. More pay off only for programs that work on megabytes and only
     * while cores are free for them; smaller ones always use one. Results have the same bits. Applies to the process.
     *
     * @param count 1 to 64
     * @throws IllegalArgumentException if it is out of range
     */
    public static void setRowThreads(int count) {
        Require.between(1, Kernels.PARAFLUX_MAX_ROW_THREADS, "count", count);
        NativeLibrary.require();
        Kernels.paraflux_set_row_threads(count);
    }

    /**
     * Allocates rows, all zero.
     *
     * @param rows number of rows, 1 or more
     * @param dim  values in a row, 1 to {@link Buffer#MAX_DIM}
     * @throws IllegalArgumentException if a size is out of range
     * @throws OutOfMemoryError if it cannot be allocated; nothing is allocated then
     */
    public abstract Buffer allocate(int rows, int dim);

    /**
     * Makes a queue of work on this device; the caller closes it.
     */
    public abstract Queue queue();
}
