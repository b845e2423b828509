package dev.paraflux.device;

import dev.paraflux.kernel.Kernels;
import java.util.Arrays;
import java.util.Objects;

/** What a {@link RowTable} has computed last, an update apart: of one kind, for the rows that there were then. */
final class RowSums {
    /** Sums that a row can have at most: the inner products of the largest group, shared by its rows. */
    static final int MOST_A_ROW = (Kernels.PARAFLUX_MAX_GRAM + 1) / 2;

    /** What sums are, and the call that computes them. */
    enum Kind {
        CHANGE("change", "updateAndCompare"), NORM("sum", "norms"), INNER("inner product", "gram");

        private final String what;
        private final String call;

        Kind(String what, String call) {
            this.what = what;
            this.call = call;
        }
    }

    private double[] values = new double[0];
    private Kind known;
    private int rows;
    private int size;

    void forget() {
        known = null;
    }

    /** Makes room for the sums of so many rows, and keeps what there is. */
    void reserve(int capacity) {
        if (values.length < capacity * MOST_A_ROW) {
            values = Arrays.copyOf(values, capacity * MOST_A_ROW);
        }
    }

    /** Takes what was computed of so many rows, in groups of so many. */
    void take(RowStage stage, Kind kind, int ofRows, int ofSize) {
        if (ofRows > 0) {
            stage.tell(values, kind == Kind.INNER ? ofRows * (ofSize + 1) / 2 : ofRows);
        }
        known = kind;
        rows = ofRows;
        size = ofSize;
    }

    double of(Kind kind, int row) {
        require(kind);
        return values[Objects.checkIndex(row, rows)];
    }

    double inner(int group, int a, int b) {
        require(Kind.INNER);
        Objects.checkIndex(group, rows / size);
        int low = Math.min(Objects.checkIndex(a, size), Objects.checkIndex(b, size));
        int high = Math.max(a, b);
        int pairs = size * (size + 1) / 2;
        return values[group * pairs + low * size - low * (low - 1) / 2 + high - low];
    }

    private void require(Kind kind) {
        if (known != kind) {
            throw new IllegalStateException("no " + kind.what + " was computed: call " + kind.call + " first");
        }
    }
}
