package dev.paraflux.iia;

import dev.paraflux.check.Require;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The coefficients that a deterministic solver has on a grid, equation (1). Two solvers are the same where their tables
 * are, whatever they are called.
 *
 * @param rows rows 1 to the last: element i - 1 is row i
 */
public record SolverTable(List<Row> rows) {
    /** As a share of a row's largest coefficient, what powers and logarithms of other machines may change. */
    private static final double ROUNDING = 1e-9;

    /**
     * One row.
     *
     * @param level        where it is
     * @param parent       the row that it continues from
     * @param parentFactor of that row's state
     * @param predictions  of the model's outputs, by row
     * @param states       of other states, by row
     */
    public record Row(NoiseLevel level, int parent, double parentFactor, List<Term> predictions, List<Term> states) {
        /** Copies the terms. */
        public Row {
            Objects.requireNonNull(level, "level");
            Require.finite("parentFactor", parentFactor);
            predictions = List.copyOf(predictions);
            states = List.copyOf(states);
        }
    }

    /**
     * A coefficient.
     *
     * @param row    that it belongs to, earlier than the row it is in
     * @param factor finite
     */
    public record Term(int row, double factor) {
        /** Checks the factor. */
        public Term {
            Require.finite("factor", factor);
        }
    }

    /** Checks that rows refer to earlier ones. */
    public SolverTable {
        rows = List.copyOf(rows);
        Require.atLeast(1, "number of rows", rows.size());
        for (int i = 1; i <= rows.size(); i++) {
            Row row = rows.get(i - 1);
            String name = "[" + (i - 1) + "]";
            Require.between(0, i - 1, name + ".parent", row.parent);
            for (Term term : row.predictions) {
                Require.between(0, i - 1, name + ".predictions", term.row);
            }
            for (Term term : row.states) {
                Require.between(0, i - 1, name + ".states", term.row);
            }
        }
    }

    static SolverTable of(TriangularSystem system) {
        List<Row> rows = new ArrayList<>();
        for (int i = 1; i <= system.rows(); i++) {
            Terms terms = new Terms();
            system.rightSide(i, terms);
            // The parent's is told first.
            terms.states.remove(0);
            rows.add(new Row(system.level(i), system.parent(i), system.parentFactor(i), terms.predictions,
                    terms.states));
        }
        return new SolverTable(rows);
    }

    /** The first row, 1 to the last, that differs by more than rounding; 0 if none does. */
    int firstDifference(SolverTable other) {
        int most = Math.max(rows.size(), other.rows.size());
        for (int i = 1; i <= most; i++) {
            if (i > rows.size() || i > other.rows.size() || differ(rows.get(i - 1), other.rows.get(i - 1))) {
                return i;
            }
        }
        return 0;
    }

    private static boolean differ(Row one, Row other) {
        if (one.parent != other.parent || !Mismatch.same(one.level, other.level)) {
            return true;
        }
        double[] largest = {Math.max(Math.abs(one.parentFactor), Math.abs(other.parentFactor))};
        Map<Integer, Double> predictions = differences(one.predictions, other.predictions, largest);
        Map<Integer, Double> states = differences(one.states, other.states, largest);
        states.put(one.parent, one.parentFactor - other.parentFactor);
        double most = ROUNDING * largest[0];
        return predictions.values().stream().anyMatch(difference -> Math.abs(difference) > most)
                || states.values().stream().anyMatch(difference -> Math.abs(difference) > most);
    }

    private static Map<Integer, Double> differences(List<Term> one, List<Term> other, double[] largest) {
        Map<Integer, Double> differences = new TreeMap<>();
        for (Term term : one) {
            differences.merge(term.row, term.factor, Double::sum);
            largest[0] = Math.max(largest[0], Math.abs(term.factor));
        }
        for (Term term : other) {
            differences.merge(term.row, -term.factor, Double::sum);
            largest[0] = Math.max(largest[0], Math.abs(term.factor));
        }
        return differences;
    }

    private static final class Terms implements TriangularSystem.Terms {
        final List<Term> states = new ArrayList<>();
        final List<Term> predictions = new ArrayList<>();

        @Override
        public void state(double factor, int j) {
            states.add(new Term(j, factor));
        }

        @Override
        public void prediction(double factor, int j) {
            predictions.add(new Term(j, factor));
        }

        @Override
        public void noise(double factor, int i) {
            throw new IllegalStateException("row " + i + " takes noise: a corrected solver is deterministic");
        }
    }
}
