package dev.paraflux.fuzz;

import java.util.ArrayList;
import java.util.List;

/** The windows of a table, as plain Java knows them: their rows one after the other, and what was measured of these. */
final class PlainWindows {
    private final List<PlainWindowRow> rows = new ArrayList<>();
    /** The index of every window's first row, and its history. */
    private final List<Integer> firsts = new ArrayList<>();
    private final List<Integer> histories = new ArrayList<>();
    private double[] squares = new double[0];
    private double[] unrolledSquares = new double[0];

    void begin(int history) {
        firsts.add(rows.size());
        histories.add(history);
    }

    void add(PlainWindowRow row) {
        rows.add(row);
    }

    void clear() {
        rows.clear();
        firsts.clear();
        histories.clear();
        squares = new double[0];
        unrolledSquares = new double[0];
    }

    int size() {
        return rows.size();
    }

    PlainWindowRow row(int row) {
        return rows.get(row);
    }

    /** The row that was added last, or null. */
    PlainWindowRow last() {
        return rows.isEmpty() ? null : rows.get(rows.size() - 1);
    }

    /** Rows of the window begun last; 0 if none was. */
    int inLast() {
        return firsts.isEmpty() ? 0 : rows.size() - firsts.get(firsts.size() - 1);
    }

    boolean anyBegun() {
        return !firsts.isEmpty();
    }

    /** The first row of the window that a row is in. */
    int firstOf(int row) {
        return firsts.stream().filter(first -> first <= row).mapToInt(first -> first).max().orElse(0);
    }

    /** The history of the window that a row is in. */
    int historyOf(int row) {
        return histories.get(firsts.lastIndexOf(firstOf(row)));
    }

    boolean stored(PlainRow.Place place) {
        return rows.stream().anyMatch(row -> row.stores(place));
    }

    boolean touched(PlainRow.Place place) {
        return rows.stream().anyMatch(row -> row.stores(place) || row.reads(place));
    }

    /** Measures all rows, and compares what the kernel has stored of them; then it is put back. */
    void measure(Rows values, int dim) {
        int count = rows.size();
        squares = new double[count];
        unrolledSquares = new double[count];
        for (int e = 0; e < (count == 0 ? 0 : dim); e++) {
            double[] first = new double[0];
            double[] unrolled = new double[0];
            for (int i = 0; i < count; i++) {
                PlainWindowRow row = rows.get(i);
                int w = i - firstOf(i);
                if (w == 0) {
                    first = new double[count];
                    unrolled = new double[count];
                }
                double right = row.right(values, e);
                double brought = row.brought(first, unrolled);
                first[w] = right - row.state.values(values)[e];
                unrolled[w] = first[w] + brought;
                squares[i] += first[w] * first[w];
                unrolledSquares[i] += unrolled[w] * unrolled[w];
                row.requireStored(unrolled[w], right + brought, e);
            }
        }
        rows.forEach(row -> row.restore(values));
    }

    /** Rows that were measured last. */
    int measured() {
        return squares.length;
    }

    double square(int row) {
        return squares[row];
    }

    double unrolledSquare(int row) {
        return unrolledSquares[row];
    }
}
