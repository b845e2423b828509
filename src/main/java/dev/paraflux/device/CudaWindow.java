package dev.paraflux.device;

import dev.paraflux.kernel.Kernels;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;

/**
 * How the host looks into the memory of a CUDA device, beside all queues: through a little pinned memory and a stream,
 * which are made when they are first needed and kept as long as the process. One call at a time.
 */
final class CudaWindow {
    private static final int BYTES = 1 << 16;
    /** Values that fit. */
    static final int VALUES = BYTES / Float.BYTES;

    private final CudaDevice device;
    private long stream;
    private long pinned;
    private FloatBuffer values;

    CudaWindow(CudaDevice device) {
        this.device = device;
    }

    private void open() {
        if (stream == 0) {
            stream = device.openStream();
        }
    }

    private void openMemory() {
        open();
        if (pinned == 0) {
            pinned = device.stagingMemory().take(BYTES);
            if (pinned == 0) {
                throw new OutOfMemoryError("no memory for a look into rows: " + BYTES + " bytes "
                        + device.stagingMemory());
            }
            values = new BytePointer(new Address(pinned)).capacity(BYTES).asByteBuffer().order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
    }

    /** Sets bytes of the device to zero. */
    synchronized void zero(long address, long bytes) {
        open();
        device.require("zero memory", Kernels.paraflux_cuda_fill(device.index(), address, 0, bytes, stream));
        finish();
    }

    /** Copies values out and shows them, from position 0 on; at most {@link #VALUES}. */
    synchronized void read(long address, int count, Consumer<FloatBuffer> reader) {
        openMemory();
        copy(pinned, address, count);
        reader.accept(values.clear());
    }

    /** Has values written, from position 0 on, and copies them in; at most {@link #VALUES}. */
    synchronized void write(long address, int count, Consumer<FloatBuffer> writer) {
        openMemory();
        writer.accept(values.clear());
        copy(address, pinned, count);
    }

    private void copy(long to, long from, int count) {
        device.require("copy",
                Kernels.paraflux_cuda_copy(device.index(), to, from, count * (long) Float.BYTES, stream));
        finish();
    }

    private void finish() {
        device.require("copy", Kernels.paraflux_cuda_wait(device.index(), stream));
    }
}
