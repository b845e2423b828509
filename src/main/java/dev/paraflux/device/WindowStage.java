package dev.paraflux.device;

import dev.paraflux.kernel.Kernels;
import org.bytedeco.javacpp.DoublePointer;

/** A {@link WindowTable} as native code reads it, and what native code answers. */
final class WindowStage {
    private static final int HISTORY = WindowTable.MAX_HISTORY;
    /** Lists of one number a row, and of one for each iterate. */
    private static final int SINGLE = 11;
    private static final int EACH_ITERATE = 3;

    final TermList.Staged terms;
    final NativeBlock.Longs states;
    final NativeBlock.Longs residuals;
    final NativeBlock.Longs maps;
    final NativeBlock.Ints parents;
    final NativeBlock.Doubles factors;
    final NativeBlock.Ints drops;
    final NativeBlock.Doubles dropFactors;
    final NativeBlock.Longs olds;
    final NativeBlock.Doubles squares;
    final NativeBlock.Doubles dotList;
    final DoublePointer dots;
    final DoublePointer scratch;
    final NativeBlock.Ints iterates;
    final NativeBlock.Ints plain;
    final NativeBlock.Ints outcomes;
    final NativeBlock.Doubles weights;
    private final NativeBlock block;

    /** Bytes that so many rows take, of which what the kernel works in is the most. */
    static long bytes(int capacity, int dim) {
        return TermList.Staged.bytes(capacity) + capacity * (long) (SINGLE + EACH_ITERATE * HISTORY) * Long.BYTES
                + Kernels.paraflux_window_scratch(capacity, dim) * Double.BYTES;
    }

    WindowStage(NativeBlock block, int capacity, int dim) {
        this.block = block;
        terms = new TermList.Staged(block, capacity);
        states = block.longs(capacity);
        residuals = block.longs(capacity);
        maps = block.longs(capacity);
        parents = block.ints(capacity);
        factors = block.doubles(capacity);
        drops = block.ints(capacity);
        dropFactors = block.doubles(capacity);
        squares = block.doubles(capacity);
        iterates = block.ints(capacity);
        plain = block.ints(capacity);
        outcomes = block.ints(capacity);
        olds = block.longs(capacity * HISTORY);
        dotList = block.doubles(capacity * HISTORY);
        dots = dotList.pointer();
        weights = block.doubles(capacity * HISTORY);
        scratch = block.hiddenDoubles(Kernels.paraflux_window_scratch(capacity, dim));
    }

    void free() {
        block.free();
    }
}
