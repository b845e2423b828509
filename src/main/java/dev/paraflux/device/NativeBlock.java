package dev.paraflux.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;

/**
 * One piece of zeroed memory outside the Java heap, at a 64-byte boundary, handed out from its start on. It is freed by
 * its owner and by nobody else; all that is taken and not freed is counted. Only memory of the host can be looked at.
 */
final class NativeBlock {
    private static final int ALIGNMENT = 64;
    private static final AtomicLong TAKEN = new AtomicLong();

    private final MemorySource source;
    private final long memory;
    private final long bytes;
    private final long address;
    private long used;

    /** Numbers as Java and as native code see them. */
    record Ints(IntBuffer java, IntPointer pointer) {}

    /** Numbers as Java and as native code see them. */
    record Longs(LongBuffer java, LongPointer pointer) {}

    /** Numbers as Java and as native code see them. */
    record Doubles(DoubleBuffer java, DoublePointer pointer) {}

    /**
     * Takes memory.
     *
     * @param what says what it is for
     * @throws OutOfMemoryError      if it cannot be allocated; nothing is taken then
     * @throws IllegalStateException if the device that has it fails
     */
    NativeBlock(MemorySource source, long bytes, String what) {
        this.source = source;
        this.bytes = bytes;
        memory = source.take(bytes + ALIGNMENT);
        if (memory == 0) {
            throw new OutOfMemoryError("no memory for " + what + ": " + bytes + " bytes " + source);
        }
        address = (memory + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        TAKEN.addAndGet(bytes);
    }

    /** Bytes that blocks hold now. */
    static long taken() {
        return TAKEN.get();
    }

    long address() {
        return address;
    }

    /** The next so many ints. */
    Ints ints(int count) {
        Address start = next(count * (long) Integer.BYTES);
        return new Ints(view(start, count * (long) Integer.BYTES).asIntBuffer(), new IntPointer(start));
    }

    /** The next so many longs. */
    Longs longs(int count) {
        Address start = next(count * (long) Long.BYTES);
        return new Longs(view(start, count * (long) Long.BYTES).asLongBuffer(), new LongPointer(start));
    }

    /** The next so many doubles. */
    Doubles doubles(int count) {
        Address start = next(count * (long) Double.BYTES);
        return new Doubles(view(start, count * (long) Double.BYTES).asDoubleBuffer(), new DoublePointer(start));
    }

    /** Bytes from a place on, as many as a Java buffer can count. */
    ByteBuffer bytes(long from, long count) {
        return view(new Address(address + Objects.checkFromIndexSize(from, count, bytes)), count);
    }

    private Address next(long count) {
        Address start = new Address(address + Objects.checkFromIndexSize(used, count, bytes));
        used += (count + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        return start;
    }

    private static ByteBuffer view(Address start, long count) {
        return new BytePointer(start).capacity(count).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /** Gives the memory back. Called once, when nobody reads or writes it any more. */
    void free() {
        TAKEN.addAndGet(-bytes);
        source.give(memory);
    }
}
