package dev.paraflux.model.pretrained;

import dev.paraflux.model.Batch;

/** The sizes that batches are padded to: exact up to {@value #EXACT}, then four sizes an octave. */
final class Sizes {
    private static final int EXACT = 16;
    private static final int AN_OCTAVE = 4;
    /** Sizes behind the exact ones are apart by two to the power of this. */
    private static final int FIRST_STEP = 2;

    /** How many sizes there are. */
    static final int COUNT = number(Batch.MAX_ROWS) + 1;

    private Sizes() {}

    /** The size that a batch of so many rows is padded to. */
    static int sizeFor(int rows) {
        int step = step(rows);
        return (rows + step - 1) / step * step;
    }

    /** The number of a size, from 0. */
    static int number(int size) {
        int step = step(size);
        return size <= EXACT ? size - 1
                : EXACT + AN_OCTAVE * (Integer.numberOfTrailingZeros(step) - FIRST_STEP) + size / step - AN_OCTAVE - 1;
    }

    /** How far the sizes are apart where a number of rows is. */
    private static int step(int rows) {
        return rows <= EXACT ? 1 : Integer.highestOneBit(rows - 1) / AN_OCTAVE;
    }
}
