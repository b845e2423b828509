package dev.paraflux.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A table of windows with estimates, as plain Java knows it; a window's rows name its estimates, and carry nothing. */
final class PlainEstimates {
    /** One term a row, of an estimate of the window. */
    record Row(PlainRow.Place state, PlainRow.Place residual, PlainRow.Place map, double coefficient, int estimate) {}

    /** A window; its first estimate's index in the table. */
    record Window(int first, List<PlainEstimate> estimates, List<Row> rows) {
        PlainEstimate node(int from, int step) {
            int g = from;
            while (!estimates.get(g).isNode()) {
                g += step;
            }
            return estimates.get(g);
        }

        boolean isLegal() {
            return estimates.isEmpty() || !rows.isEmpty() && estimates.get(0).isNode()
                    && estimates.get(estimates.size() - 1).isNode();
        }
    }

    final List<Window> windows = new ArrayList<>();
    private final List<double[]> increments = new ArrayList<>();

    int size() {
        return windows.stream().mapToInt(window -> window.estimates().size()).sum();
    }

    int rows() {
        return windows.stream().mapToInt(window -> window.rows().size()).sum();
    }

    Window last() {
        return windows.isEmpty() ? null : windows.get(windows.size() - 1);
    }

    void truncate(int count) {
        windows.subList(count, windows.size()).clear();
        while (increments.size() > size()) {
            increments.remove(increments.size() - 1);
        }
    }

    void clear() {
        windows.clear();
        increments.clear();
    }

    private boolean any(Predicate<PlainEstimate> ofEstimate, Predicate<Row> ofRow) {
        return windows.stream().anyMatch(window -> window.estimates().stream().anyMatch(ofEstimate)
                || window.rows().stream().anyMatch(ofRow));
    }

    boolean stored(PlainRow.Place place) {
        return any(estimate -> estimate.after.equals(place),
                row -> row.residual().equals(place) || row.map().equals(place));
    }

    boolean touched(PlainRow.Place place) {
        return stored(place) || any(estimate -> estimate.reads(place), row -> row.state().equals(place));
    }

    /** Measures, and compares what the kernel has stored; then that is put back, so that values stay small. */
    void measure(Rows rows, int dim) {
        increments.clear();
        List<Runnable> restore = new ArrayList<>();
        for (Window window : windows) {
            int count = window.estimates().size();
            double[][] sums = new double[count][2];
            double[][] outputs = new double[count][dim];
            for (int g = 0; g < count; g++) {
                PlainEstimate estimate = window.estimates().get(g);
                boolean inner = g > 0 && g < count - 1;
                PlainEstimate a = inner ? window.node(g - 1, -1) : estimate;
                PlainEstimate b = inner ? window.node(g + 1, 1) : estimate;
                for (int e = 0; e < dim; e++) {
                    double x0 = estimate.x0(a, b, rows, e);
                    assertStored(estimate.after, x0, e);
                    outputs[g][e] = (float) estimate.prediction(x0, rows, e);
                    if (estimate.isNode()) {
                        double change = estimate.change(rows, e);
                        double error = inner ? change - estimate.brought(a, b, rows, e) : 0;
                        sums[g][0] += change * change;
                        sums[g][1] += error * error;
                    }
                }
                restore.add(() -> estimate.after.buffer().write(estimate.after.row(), estimate.after.values(rows)));
                increments.add(estimate.isNode() ? sums[g] : null);
            }
            for (Row row : window.rows()) {
                for (int e = 0; e < dim; e++) {
                    double right = row.coefficient() * outputs[row.estimate()][e];
                    assertStored(row.map(), right, e);
                    assertStored(row.residual(), right - row.state().values(rows)[e], e);
                }
                restore.add(() -> row.map().buffer().write(row.map().row(), row.map().values(rows)));
                restore.add(() -> row.residual().buffer().write(row.residual().row(), row.residual().values(rows)));
            }
        }
        restore.forEach(Runnable::run);
    }

    private static void assertStored(PlainRow.Place place, double expected, int e) {
        float[] found = new float[place.buffer().dim()];
        place.buffer().read(place.row(), found);
        assertEquals((float) expected, found[e], 0, "of a row that is stored");
    }

    /** Estimates that were measured last. */
    int measured() {
        return increments.size();
    }

    /** Null of a row between nodes. */
    double[] increments(int estimate) {
        return increments.get(estimate);
    }
}
