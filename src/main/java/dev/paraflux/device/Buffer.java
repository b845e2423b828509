package dev.paraflux.device;

import java.nio.FloatBuffer;
import java.util.Objects;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Float32 rows outside the Java heap: {@code rows} rows of {@code dim} values, one after the other, starting at a
 * 64-byte boundary. Everything that the kernels and the model touch is a row of a buffer.
 *
 * <p>Closing frees the memory at once; nothing waits for the garbage collector. Reading and writing are for one thread
 * at a time.
 */
public final class Buffer implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    /** A Java buffer counts bytes in an int, so that large memory is seen through several views. */
    private static final long MAX_VIEW_BYTES = Integer.MAX_VALUE;

    private final Device device;
    private final int rows;
    private final int dim;
    private final Lifetime lifetime = new Lifetime("Buffer");
    private final Pointer memory;
    private final long address;
    private final int rowsPerView;
    private final FloatBuffer[] views;

    Buffer(Device device, int rows, int dim) {
        if (rows < 1 || dim < 1) {
            throw new IllegalArgumentException(
                    "a buffer of " + rows + " rows of " + dim + " values: both must be 1 or more");
        }
        this.device = device;
        this.rows = rows;
        this.dim = dim;
        rowsPerView = (int) Math.min(rows, MAX_VIEW_BYTES / (Float.BYTES * (long) dim));
        if (rowsPerView == 0) {
            throw new IllegalArgumentException(
                    "rows of " + dim + " values: a row has at most " + MAX_VIEW_BYTES / Float.BYTES);
        }
        memory = Pointer.malloc(bytes() + ALIGNMENT);
        if (Pointer.isNull(memory)) {
            throw new OutOfMemoryError("no memory for " + this + ": " + bytes() + " bytes outside the Java heap");
        }
        address = (memory.address() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        Pointer.memset(new Address(address), 0, bytes());
        views = new FloatBuffer[(rows + rowsPerView - 1) / rowsPerView];
        for (int v = 0; v < views.length; v++) {
            int first = v * rowsPerView;
            long viewBytes = (long) Math.min(rowsPerView, rows - first) * dim * Float.BYTES;
            BytePointer start = new BytePointer(new Address(address + (long) first * dim * Float.BYTES));
            views[v] = start.capacity(viewBytes).asByteBuffer().order(java.nio.ByteOrder.nativeOrder()).asFloatBuffer();
        }
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** Values in a row. */
    public int dim() {
        return dim;
    }

    /** Where the rows live. */
    public Device device() {
        return device;
    }

    /** Memory of the rows, in bytes. */
    public long bytes() {
        return (long) rows * dim * Float.BYTES;
    }

    /**
     * The native address of a row, for native code that reads or writes {@code dim} floats there. It is valid until the
     * buffer is closed; nothing checks what native code does with it.
     *
     * @throws IllegalStateException if the buffer is closed
     */
    public long address(int row) {
        Objects.checkIndex(row, rows);
        lifetime.requireOpen();
        return address + (long) row * dim * Float.BYTES;
    }

    /**
     * Copies a row out.
     *
     * @param row  0 to {@link #rows()} - 1
     * @param into receives the row at its start; at least {@link #dim()} long
     * @throws IllegalStateException if the buffer is closed
     */
    public void read(int row, float[] into) {
        read(row, into, 0);
    }

    /** Copies a row out, to {@code into[offset .. offset + dim - 1]}. */
    public void read(int row, float[] into, int offset) {
        Objects.checkIndex(row, rows);
        Objects.checkFromIndexSize(offset, dim, into.length);
        lifetime.acquire();
        try {
            views[row / rowsPerView].get(row % rowsPerView * dim, into, offset, dim);
        } finally {
            lifetime.release();
        }
    }

    /**
     * Copies a row in.
     *
     * @param row  0 to {@link #rows()} - 1
     * @param from the row, at its start; at least {@link #dim()} long
     * @throws IllegalStateException if the buffer is closed
     */
    public void write(int row, float[] from) {
        write(row, from, 0);
    }

    /** Copies a row in, from {@code from[offset .. offset + dim - 1]}. */
    public void write(int row, float[] from, int offset) {
        Objects.checkIndex(row, rows);
        Objects.checkFromIndexSize(offset, dim, from.length);
        lifetime.acquire();
        try {
            views[row / rowsPerView].put(row % rowsPerView * dim, from, offset, dim);
        } finally {
            lifetime.release();
        }
    }

    /**
     * Keeps the buffer from being closed until the matching {@link #release()}.
     *
     * @throws IllegalStateException if the buffer is closed
     */
    public void acquire() {
        lifetime.acquire();
    }

    /** Ends what {@link #acquire()} began. */
    public void release() {
        lifetime.release();
    }

    /**
     * Frees the rows. A second call does nothing.
     *
     * @throws IllegalStateException if a kernel or a run is using the buffer
     */
    @Override
    public void close() {
        if (lifetime.close()) {
            Pointer.free(memory);
        }
    }

    @Override
    public String toString() {
        return "Buffer[" + rows + " x " + dim + "]";
    }

    private static final class Address extends Pointer {
        Address(long value) {
            address = value;
        }
    }
}
