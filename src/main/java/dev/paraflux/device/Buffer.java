package dev.paraflux.device;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Objects;

/**
 * Float32 rows outside the Java heap, on a device: {@code rows} rows of {@code dim} values, one after the other, starting
 * at a 64-byte boundary. Everything that the kernels and the model touch is a row of a buffer.
 *
 * <p>Closing frees the memory at once, after what queues do with it; nothing waits for the garbage collector. Reading and
 * writing are for one thread at a time, and do not wait for queues: {@link Queue#await} before. On another device than the
 * host they are for a value here and there; a {@link Queue} copies many rows at once.
 */
public final class Buffer extends NativeMemory {
    /** Values that a row may have, at most. */
    public static final int MAX_DIM = (int) (HostRows.MAX_VIEW_BYTES / Float.BYTES);
    /** No process has as much; beyond, bytes would not be counted in a long. */
    private static final long MAX_BYTES = 1L << 47;

    private final Device device;
    private final int rows;
    private final int dim;
    private final NativeBlock memory;
    private final RowAccess access;

    /** Rows of a device, in its own memory. */
    Buffer(Device device, int rows, int dim) {
        this(device, device.rowMemory(), rows, dim);
    }

    /** Rows of a device, in memory that may be another's too. */
    Buffer(Device device, MemorySource source, int rows, int dim) {
        super("Buffer");
        this.device = device;
        this.rows = Require.atLeast(1, "rows", rows);
        this.dim = Require.between(1, MAX_DIM, "dim", dim);
        if (bytes() > MAX_BYTES) {
            throw new OutOfMemoryError("no memory for " + this + ": " + bytes() + " bytes " + source);
        }
        memory = take(source, bytes(), toString(), block -> block);
        access = made(device);
    }

    private RowAccess made(Device where) {
        try {
            return where.access(memory, rows, dim);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
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
     * The native address of a row, for native code that reads or writes {@code dim} floats there. Nothing checks what
     * native code does with it: hold the buffer meanwhile, with {@link #acquire()}, so that it cannot be closed.
     *
     * @param row 0 to {@link #rows()} - 1
     * @throws IndexOutOfBoundsException if there is no such row
     * @throws IllegalStateException     if the buffer is closed
     */
    public long address(int row) {
        Objects.checkIndex(row, rows);
        lifetime.requireOpen();
        return memory.address() + (long) row * dim * Float.BYTES;
    }

    /**
     * The bytes of some rows of a host, in the machine's byte order, for what sends and receives them. Hold the buffer while
     * they are touched, as for {@link #address}.
     *
     * @param row   the first
     * @param count 1 or more, together at most 2 GiB - 1
     * @throws IndexOutOfBoundsException if there are no such rows
     * @throws IllegalArgumentException  if the rows are too long together, or not in the host's memory
     * @throws IllegalStateException     if the buffer is closed
     */
    public ByteBuffer bytes(int row, int count) {
        Objects.checkFromIndexSize(row, count, rows);
        Require.that(device.isHost(), "device", device, "the host: copy rows to Device.staging first");
        long each = (long) dim * Float.BYTES;
        Require.between(1, HostRows.MAX_VIEW_BYTES, "bytes of the rows", each * count);
        lifetime.requireOpen();
        return memory.bytes(row * each, count * each);
    }

    /**
     * Copies a row out.
     *
     * @param row  0 to {@link #rows()} - 1
     * @param into receives the row at its start; at least {@link #dim()} long
     * @throws IndexOutOfBoundsException if there is no such row, or the array is too short
     * @throws IllegalStateException     if the buffer is closed
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
            access.read(row, into, offset);
        } finally {
            lifetime.release();
        }
    }

    /**
     * Copies a row out, to where the buffer's position is, which stays.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or fewer than {@link #dim()} values remain
     * @throws ReadOnlyBufferException   if nothing can be written there
     * @throws IllegalStateException     if the buffer is closed
     */
    public void read(int row, FloatBuffer into) {
        Objects.checkIndex(row, rows);
        Objects.checkFromIndexSize(into.position(), dim, into.limit());
        lifetime.acquire();
        try {
            if (into.isReadOnly()) {
                throw new ReadOnlyBufferException();
            }
            access.read(row, into);
        } finally {
            lifetime.release();
        }
    }

    /**
     * Copies a row in.
     *
     * @param row  0 to {@link #rows()} - 1
     * @param from the row, at its start; at least {@link #dim()} long
     * @throws IndexOutOfBoundsException if there is no such row, or the array is too short
     * @throws IllegalStateException     if the buffer is closed
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
            access.write(row, from, offset);
        } finally {
            lifetime.release();
        }
    }

    /** Copies a row in, from where the buffer's position is, which stays; as {@link #read(int, FloatBuffer)}. */
    public void write(int row, FloatBuffer from) {
        Objects.checkIndex(row, rows);
        Objects.checkFromIndexSize(from.position(), dim, from.limit());
        lifetime.acquire();
        try {
            access.write(row, from);
        } finally {
            lifetime.release();
        }
    }

    /**
     * One value of a row.
     *
     * @param row     0 to {@link #rows()} - 1
     * @param element 0 to {@link #dim()} - 1
     * @throws IndexOutOfBoundsException if there is no such value
     * @throws IllegalStateException     if the buffer is closed
     */
    public float get(int row, int element) {
        requireValue(row, element);
        lifetime.acquire();
        try {
            return access.get(row, element);
        } finally {
            lifetime.release();
        }
    }

    /** Sets one value of a row. */
    public void put(int row, int element, float value) {
        requireValue(row, element);
        lifetime.acquire();
        try {
            access.put(row, element, value);
        } finally {
            lifetime.release();
        }
    }

    private void requireValue(int row, int element) {
        Objects.checkIndex(row, rows);
        Objects.checkIndex(element, dim);
    }

    /**
     * Keeps the buffer from being closed until the matching {@link #release()}.
     *
     * @throws IllegalStateException if the buffer is closed
     */
    public void acquire() {
        lifetime.acquire();
    }

    /**
     * Ends what {@link #acquire()} began.
     *
     * @throws IllegalStateException if nothing holds the buffer
     */
    public void release() {
        lifetime.release();
    }

    /** Refuses to stand beside a buffer that one call could not take with it. */
    void requireFits(Buffer other) {
        if (dim != other.dim) {
            throw new IllegalValueException("dim", dim, other.dim + ", that of the other rows of the call");
        }
        if (device != other.device) {
            throw new IllegalValueException("device", device, other.device + ", that of the other rows of the call");
        }
    }

    @Override
    void free() {
        memory.free();
    }

    @Override
    public String toString() {
        return "Buffer[" + rows + " x " + dim + "]";
    }
}
