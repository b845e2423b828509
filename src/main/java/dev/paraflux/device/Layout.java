package dev.paraflux.device;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.kernel.Kernels;

/**
 * Where the members of the kernels' tables lie, counted in words of 8 bytes from the start of an entry; a table is
 * written as an array of longs, in which nobody can free memory under the writer, and copied beside the heap when native
 * code is about to read it. And how far such arrays grow.
 */
final class Layout {
    /** ParafluxRow; its terms follow. */
    static final int KIND = 0;
    static final int OUT = 1;
    static final int BEFORE = 2;
    static final int SEEN_LOW = 3;
    static final int SEEN_HIGH = 4;
    static final int MASK = 5;
    static final int KNOWN = 6;
    static final int LOW = 7;
    static final int HIGH = 8;
    static final int DIVISOR = 9;
    static final int ROW = Kernels.PARAFLUX_ROW_WORDS;

    /** ParafluxTerm. */
    static final int INPUT = 0;
    static final int COEFFICIENT = 1;
    static final int TERM = Kernels.PARAFLUX_TERM_WORDS;

    /** ParafluxCombination. */
    static final int TERMS = 0;
    static final int FIRST_TERM = 1;
    static final int COMBINATION = Kernels.PARAFLUX_COMBINATION_WORDS;

    /** ParafluxQuantile. */
    static final int QUANTILE_ROW = 0;
    static final int SHARE = 1;
    static final int QUANTILE = Kernels.PARAFLUX_QUANTILE_WORDS;

    /** ParafluxWindow. */
    static final int ROWS = 0;
    static final int HISTORY = 1;
    static final int RIDGE = 2;
    static final int GRAMS = 3;
    static final int ESTIMATES = 4;
    static final int WINDOW = Kernels.PARAFLUX_WINDOW_WORDS;

    /** ParafluxWindowRow. */
    static final int X = 0;
    static final int RESIDUAL = 1;
    static final int MAP = 2;
    static final int PARENT = 3;
    static final int FACTOR = 4;
    static final int DROP = 5;
    static final int DROP_FACTOR = 6;
    static final int OLDS = 7;
    static final int RIGHT = OLDS + Kernels.PARAFLUX_MAX_HISTORY;
    static final int WINDOW_ROW = Kernels.PARAFLUX_WINDOW_ROW_WORDS;

    /** ParafluxEstimate. */
    static final int ESTIMATE_X = 0;
    static final int ESTIMATE_BEFORE = 1;
    static final int AFTER = 2;
    static final int OUTPUT = 3;
    static final int OF_STATE = 4;
    static final int OF_OTHER = 5;
    static final int ESTIMATE_SHARE = 6;
    static final int ESTIMATE = Kernels.PARAFLUX_ESTIMATE_WORDS;

    /** Sizes that the struct of a call begins with; pointers follow: to what is read, to answers, to what is worked in. */
    static final int PROGRAM_SIZES = 2;
    static final int GRAM_SIZES = 3;
    static final int QUANTILE_SIZES = 2;
    static final int WINDOWS_SIZES = 2;
    static final int WINDOWS_SQUARES = WINDOWS_SIZES + 3;
    static final int WINDOWS_DOTS = WINDOWS_SIZES + 4;
    static final int WINDOWS_INCREMENTS = WINDOWS_SIZES + 5;
    static final int WINDOWS_SCRATCH = WINDOWS_SIZES + 6;
    static final int WEIGHTS_SIZES = 1;
    /** Words of the longest struct of a call, at least. */
    static final int CALL = 9;

    private static final int FIRST_ENTRIES = 16;

    private Layout() {}

    /** Entries to have room for where there is room for {@code capacity} and one more is asked for. */
    static int grown(int capacity, int most, String what) {
        if (capacity == most) {
            throw new IllegalStateException("the " + what + " is full: it holds " + most + " rows");
        }
        return (int) Math.min(Math.max(FIRST_ENTRIES, 2L * capacity), most);
    }

    /** Adds a term, for which there is room, to the combination at a place. */
    static void plus(long[] words, int at, double coefficient, long input) {
        int count = (int) words[at + TERMS];
        int term = at + FIRST_TERM + TERM * count;
        words[term + INPUT] = input;
        words[term + COEFFICIENT] = Double.doubleToRawLongBits(coefficient);
        words[at + TERMS] = count + 1L;
    }

    static void requireRoom(int terms, int row, String what) {
        if (terms == Kernels.PARAFLUX_MAX_TERMS) {
            throw new IllegalStateException(
                    "row " + row + " of the " + what + " has more than " + Kernels.PARAFLUX_MAX_TERMS + " terms");
        }
    }

    static void requireOrdered(double low, double high) {
        if (!(low <= high)) {
            throw new IllegalValueException("low", low, "at most high, which is " + high);
        }
    }
}
