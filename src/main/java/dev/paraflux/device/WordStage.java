package dev.paraflux.device;

import java.nio.LongBuffer;
import org.bytedeco.javacpp.Pointer;

/**
 * Where native code reads a list of words and writes a list of numbers: the struct of its call, and the memory of both
 * lists, which grows to the longest there were.
 */
final class WordStage {
    private final int sizes;
    private final boolean hasScratch;
    private NativeBlock block;
    private Pointer pointer;
    private LongBuffer call;
    private NativeBlock.Longs words;
    private NativeBlock.Doubles answers;
    private int wordCapacity;
    private int answerCapacity;

    /**
     * @param sizes      that the struct begins with; the addresses of words and answers follow
     * @param hasScratch whether the address of what the kernel works in follows these
     */
    WordStage(int sizes, boolean hasScratch) {
        this.sizes = sizes;
        this.hasScratch = hasScratch;
    }

    /**
     * Copies words in, and makes room for answers.
     *
     * @param from    the list, and all the room that it has
     * @param scratch doubles that the kernel works in, behind the answers; none where it wants none
     * @throws OutOfMemoryError if there is no memory; the stage is as it was then
     */
    void put(long[] from, int count, int answerCount, int scratch) {
        if (count > wordCapacity || answerCount + scratch > answerCapacity) {
            grow(Math.max(from.length, wordCapacity), Math.max(2 * (answerCount + scratch), answerCapacity));
        }
        words.java().put(0, from, 0, count);
        if (hasScratch) {
            call.put(sizes + 2, scratch == 0 ? 0 : answers.pointer().address() + answerCount * (long) Double.BYTES);
        }
    }

    private void grow(int newWords, int newAnswers) {
        NativeBlock larger = new NativeBlock((Layout.CALL + newWords + (long) newAnswers) * Long.BYTES,
                "a list of " + newWords + " words");
        free();
        block = larger;
        NativeBlock.Longs struct = block.longs(Layout.CALL);
        pointer = struct.pointer();
        call = struct.java();
        words = block.longs(newWords);
        answers = block.doubles(newAnswers);
        wordCapacity = newWords;
        answerCapacity = newAnswers;
        call.put(sizes, words.pointer().address());
        call.put(sizes + 1, answers.pointer().address());
    }

    /** The struct, with its sizes set. */
    Pointer call(long count, long dim) {
        call.put(0, count);
        call.put(1, dim);
        return pointer;
    }

    /** The struct, with its sizes set. */
    Pointer call(long count, long dim, long size) {
        call.put(2, size);
        return call(count, dim);
    }

    /** Copies answers. */
    void get(double[] into, int count) {
        if (count > 0) {
            answers.java().get(0, into, 0, count);
        }
    }

    void free() {
        if (block != null) {
            block.free();
            block = null;
        }
    }
}
