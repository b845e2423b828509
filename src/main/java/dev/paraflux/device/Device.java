package dev.paraflux.device;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.kernel.Kernels;
import dev.paraflux.kernel.NativeAccess;
import dev.paraflux.kernel.NativeLibrary;
import dev.paraflux.kernel.SystemLibraries;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.stream.IntStream;

/** A place where rows live and kernels run. Immutable and thread-safe; the buffers and queues it makes are the caller's. */
public abstract class Device {
    private static final String BY_DEFAULT = "paraflux.device";

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
     * A CUDA device: rows lie in its memory, kernels run there, each queue on a stream of its own, and bits are the CPU's.
     * Rows are copied to the host and back for models that work there alone.
     *
     * @param index the device, 0 to the number of devices - 1
     * @throws IllegalArgumentException if there is no such device among those that there are
     * @throws IllegalStateException    if there is none, or this one cannot be used, in words that say why
     */
    public static Device cuda(int index) {
        Require.atLeast(0, "index", index);
        NativeLibrary.require();
        int count = Kernels.paraflux_cuda_device_count();
        if (count == 0) {
            throw new IllegalStateException("no CUDA device: " + cudaMessage() + "; use Device.cpu()");
        }
        Require.between(0, count - 1, "index", index);
        String refusal = Kernels.paraflux_cuda_device_refusal(index).getString();
        if (!refusal.isEmpty()) {
            throw new IllegalStateException("CUDA device " + index + ", "
                    + Kernels.paraflux_cuda_device_name(index).getString() + ", cannot be used: " + refusal);
        }
        return CudaDevice.of(index);
    }

    /**
     * A device by its name: {@code cpu}, or {@code cuda:} and an index.
     *
     * @throws IllegalArgumentException if it is another name, or there is no such device
     * @throws IllegalStateException    as {@link #cuda}
     */
    public static Device named(String name) {
        return named("device", name);
    }

    private static Device named(String option, String name) {
        if (name.equals("cpu")) {
            return cpu();
        }
        if (!name.matches("cuda:[0-9]{1,4}")) {
            throw new IllegalValueException(option, name, "cpu, or cuda: and the index of a device, as in cuda:0");
        }
        int index = Integer.parseInt(name.substring("cuda:".length()));
        NativeLibrary.require();
        int count = Kernels.paraflux_cuda_device_count();
        if (count > 0 && index >= count) {
            throw new IllegalValueException(option, name, "cpu, or cuda:0 to cuda:" + (count - 1));
        }
        return cuda(index);
    }

    /**
     * Where samplers work that name no device: what the system property {@code paraflux.device} names, as {@link #named}
     * takes it, else the CPU.
     *
     * @throws IllegalArgumentException as {@link #named}
     * @throws IllegalStateException    as {@link #named}
     */
    public static Device byDefault() {
        return named(BY_DEFAULT, System.getProperty(BY_DEFAULT, "cpu"));
    }

    /** All CUDA devices that there are, with what is known of each now; those that cannot be used say why. */
    public static List<CudaFacts> cudaDevices() {
        NativeLibrary.require();
        return IntStream.range(0, Kernels.paraflux_cuda_device_count()).mapToObj(CudaFacts::of).toList();
    }

    /**
     * Whether Java allows this library native code, and the option that does, in words. To be asked before anything is
     * loaded: what Java has warned of once counts as allowed.
     */
    public static String nativeAccessMessage() {
        return NativeAccess.message();
    }

    /** The files of native code that this process has loaded, of this library and of all others; none where nobody tells. */
    public static SortedSet<Path> loadedLibraries() {
        return SystemLibraries.loaded();
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
     * @throws IllegalStateException if the device fails
     */
    public Buffer allocate(int rows, int dim) {
        return new Buffer(this, rows, dim);
    }

    /**
     * Allocates rows of the host, all zero, that queues of this device copy fast to and from: {@link Queue#transfer}. They
     * are the CPU's, as others of it.
     *
     * @throws IllegalArgumentException as {@link #allocate}
     * @throws OutOfMemoryError as {@link #allocate}
     * @throws IllegalStateException as {@link #allocate}
     */
    public Buffer staging(int rows, int dim) {
        return new Buffer(cpu(), stagingMemory(), rows, dim);
    }

    /**
     * Makes a queue of work on this device; the caller closes it.
     *
     * @throws IllegalStateException if the device fails
     */
    public abstract Queue queue();

    /**
     * Waits for what all queues of this device were given, whoever gave it; may be called on any thread. What lists asked for
     * is there after {@link Queue#await} all the same.
     *
     * @throws IllegalStateException if the device fails, or work on it has
     */
    public void awaitAll() {}

    /** Whether rows lie in the host's memory, where Java, models and native code of others read and write them. */
    public boolean isHost() {
        return true;
    }

    /** Which of CUDA's devices it is, from 0; empty where it is none. */
    public OptionalInt cudaIndex() {
        return OptionalInt.empty();
    }

    /**
     * Whether rows travel between this device and another one in the order of its queues ({@link Queue#transfer}), and those can
     * wait for the other's ({@link Queue#follow}): on CUDA every other device and the host, on the host the host alone.
     */
    public boolean reaches(Device other) {
        return other.isHost();
    }

    /** Where rows lie, and what kernels work in. */
    MemorySource rowMemory() {
        return MemorySource.HOST;
    }

    /** Memory of the host that the device writes to and reads from. */
    MemorySource stagingMemory() {
        return MemorySource.HOST;
    }

    /** How the host reads and writes rows of a block of {@link #rowMemory}. */
    RowAccess access(NativeBlock block, int rows, int dim) {
        return new HostRows(block, rows, dim);
    }

    /** Refuses another device whose rows or queues a queue here has nothing to do with. */
    final void requireReached(Device other) {
        if (!reaches(other)) {
            throw new IllegalValueException("device", other, isHost()
                    ? "the host's, for a queue of the host: one of the other device can wait for it"
                    : "the host's, or another one that " + this + " reaches");
        }
    }

    /** Refuses what is another device's. */
    final void requireOwn(Device other) {
        if (other != this) {
            throw new IllegalValueException("device", other, this + ", that of the queue");
        }
    }

    /** What an error of a kernel is. */
    String words(int error) {
        return "error " + error;
    }
}
