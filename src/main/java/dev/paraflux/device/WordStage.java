package dev.paraflux.device;

import java.nio.LongBuffer;
import org.bytedeco.javacpp.Pointer;

/** Where native code reads a list of words: the struct of its call, and the list, which grows to the longest there was. */
final class WordStage {
    private final int sizes;
    private NativeBlock block;
    private Pointer pointer;
    private LongBuffer call;
    private NativeBlock.Longs words;
    private int capacity;

    /** @param sizes that the struct begins with; the addresses of words, answers and what is worked in follow */
    WordStage(int sizes) {
        this.sizes = sizes;
    }

    /**
     * Copies words in.
     *
     * @param from the list, and all the room that it has
     * @throws OutOfMemoryError if there is no memory; the stage is as it was then
     */
    void put(long[] from, int count) {
        if (count > capacity) {
            grow(from.length);
        }
        words.java().put(0, from, 0, count);
    }

    private void grow(int newCapacity) {
        NativeBlock larger = new NativeBlock(MemorySource.HOST, (Layout.CALL + (long) newCapacity) * Long.BYTES,
                "a list of " + newCapacity + " words");
        free();
        block = larger;
        NativeBlock.Longs struct = block.longs(Layout.CALL);
        pointer = struct.pointer();
        call = struct.java();
        words = block.longs(newCapacity);
        capacity = newCapacity;
        call.put(sizes, words.pointer().address());
    }

    /**
     * The struct, with its sizes set.
     *
     * @param answers where numbers go
     * @param scratch what the kernel works in, or 0; kernels that work in nothing do not look
     */
    Pointer call(long count, long dim, long answers, long scratch) {
        call.put(0, count);
        call.put(1, dim);
        call.put(sizes + 1, answers);
        call.put(sizes + 2, scratch);
        return pointer;
    }

    /** The struct, with its sizes set. */
    Pointer call(long count, long dim, long size, long answers, long scratch) {
        call.put(2, size);
        return call(count, dim, answers, scratch);
    }

    void free() {
        if (block != null) {
            block.free();
            block = null;
        }
    }
}
