package dev.paraflux.device;

import dev.paraflux.kernel.Kernels;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.ToIntFunction;
import org.bytedeco.javacpp.Pointer;

/** A CUDA device: its memory, pinned memory of the host, and queues with a stream each. */
final class CudaDevice extends Device {
    private static final ConcurrentMap<Integer, CudaDevice> BY_INDEX = new ConcurrentHashMap<>();

    private final int index;
    private final CudaWindow window;
    private final MemorySource rowMemory = new RowMemory();
    private final MemorySource pinnedMemory = new PinnedMemory();
    /** Others that it copies to and from. */
    private final Set<CudaDevice> connected = ConcurrentHashMap.newKeySet();

    private CudaDevice(int index) {
        this.index = index;
        window = new CudaWindow(this);
    }

    /** The one that stands for a device, which can be used. */
    static CudaDevice of(int index) {
        return BY_INDEX.computeIfAbsent(index, CudaDevice::new);
    }

    int index() {
        return index;
    }

    @Override
    public OptionalInt cudaIndex() {
        return OptionalInt.of(index);
    }

    @Override
    public boolean isHost() {
        return false;
    }

    @Override
    public Queue queue() {
        CudaLane lane = new CudaLane(this);
        try {
            return new Queue(this, lane);
        } catch (RuntimeException | Error e) {
            lane.close();
            throw e;
        }
    }

    @Override
    public void awaitAll() {
        require("finish its work", Kernels.paraflux_cuda_wait_for_all(index));
    }

    @Override
    public boolean reaches(Device other) {
        return other != this && (other.isHost() || other instanceof CudaDevice);
    }

    /** Comes before copies to and from another device, which are faster where the two reach each other's memory. */
    void connect(Device other) {
        if (other instanceof CudaDevice peer && peer != this && connected.add(peer)) {
            // Where it fails the copies themselves tell what is wrong, if anything is.
            Kernels.paraflux_cuda_connect(index, peer.index);
        }
    }

    /** A stream of its own. */
    long openStream() {
        long[] stream = new long[1];
        require("open a stream", Kernels.paraflux_cuda_open_stream(index, stream));
        return stream[0];
    }

    /** Closes it, whatever has become of the device. */
    void closeStream(long stream) {
        Kernels.paraflux_cuda_close_stream(index, stream);
    }

    @Override
    MemorySource rowMemory() {
        return rowMemory;
    }

    @Override
    MemorySource stagingMemory() {
        return pinnedMemory;
    }

    @Override
    RowAccess access(NativeBlock block, int rows, int dim) {
        return new CudaRows(window, block, dim);
    }

    @Override
    String words(int error) {
        return Kernels.paraflux_cuda_words(error).getString() + " (CUDA error " + error + ")";
    }

    /** Refuses to go on after an error. */
    void require(String what, int error) {
        if (error != 0) {
            throw new IllegalStateException(this + " could not " + what + ": " + words(error)
                    + "; what was under way there is lost. If it stays so, start Java anew, or use Device.cpu()");
        }
    }

    @Override
    public String toString() {
        return "cuda:" + index + " (" + Kernels.paraflux_cuda_device_name(index).getString() + ")";
    }

    /** Takes memory; 0 where there is not enough, which CUDA tells by an error of its own. */
    private long taken(ToIntFunction<long[]> call) {
        long[] address = new long[1];
        int error = call.applyAsInt(address);
        if (error == Kernels.PARAFLUX_CUDA_OUT_OF_MEMORY) {
            return 0;
        }
        require("take memory", error);
        return address[0];
    }

    private final class RowMemory implements MemorySource {
        @Override
        public long take(long bytes) {
            long address = taken(made -> Kernels.paraflux_cuda_allocate(index, bytes, made));
            if (address == 0) {
                return 0;
            }
            try {
                window.zero(address, bytes);
                return address;
            } catch (RuntimeException | Error e) {
                give(address);
                throw e;
            }
        }

        @Override
        public void give(long address) {
            Kernels.paraflux_cuda_free(index, address);
        }

        @Override
        public String toString() {
            return "on " + CudaDevice.this;
        }
    }

    private final class PinnedMemory implements MemorySource {
        @Override
        public long take(long bytes) {
            long address = taken(made -> Kernels.paraflux_cuda_allocate_host(index, bytes, made));
            if (address != 0) {
                Pointer.memset(new Address(address), 0, bytes);
            }
            return address;
        }

        @Override
        public void give(long address) {
            Kernels.paraflux_cuda_free_host(index, address);
        }

        @Override
        public String toString() {
            return "of the host that " + CudaDevice.this + " reads";
        }
    }
}
