package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.iia.SolverTable.Row;
import dev.paraflux.iia.SolverTable.Term;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.UniPc;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SolverTableTest {
    private static final NoiseLevel LEVEL = HandMade.GRID.level(1);

    private static SolverTable table(Term... predictions) {
        return new SolverTable(List.of(new Row(LEVEL, 0, 1, List.of(predictions), List.of())));
    }

    @Test
    void aTableIsTheSystemItself() {
        for (var solver : List.of(new Heun(), new UniPc(2))) {
            var system = solver.system(HandMade.GRID, Prediction.VELOCITY);
            SolverTable table = SolverTable.of(system);
            assertEquals(system.rows(), table.rows().size());
            assertEquals(0, table.firstDifference(SolverTable.of(system)));
            for (int i = 1; i <= system.rows(); i++) {
                assertEquals(system.parent(i), table.rows().get(i - 1).parent());
                assertEquals(system.parentFactor(i), table.rows().get(i - 1).parentFactor());
                assertEquals(system.level(i), table.rows().get(i - 1).level());
            }
        }
    }

    /** A term that cancels to nothing on one machine may leave its last bits on another. */
    @Test
    void roundingsAreNoDifference() {
        SolverTable table = table(new Term(0, 0.5));
        assertEquals(0, table.firstDifference(table(new Term(0, Math.nextUp(0.5)))));
        assertEquals(0, table(new Term(0, 1e-17)).firstDifference(table()));
        assertEquals(1, table.firstDifference(table(new Term(0, 0.5 + 1e-8))));
        assertEquals(1, table.firstDifference(table()));
    }

    @Test
    void everyPartOfARowCounts() {
        Row row = new Row(LEVEL, 0, 1, List.of(new Term(0, 0.5)), List.of(new Term(0, 0.25)));
        Row second = new Row(LEVEL, 1, 1, row.predictions(), row.states());
        SolverTable table = new SolverTable(List.of(row, second));
        List<Row> others = List.of(new Row(HandMade.GRID.level(2), 1, 1, row.predictions(), row.states()),
                new Row(LEVEL, 0, 1, row.predictions(), row.states()),
                new Row(LEVEL, 1, 2, row.predictions(), row.states()),
                new Row(LEVEL, 1, 1, row.states(), row.states()), new Row(LEVEL, 1, 1, row.predictions(), List.of()),
                new Row(LEVEL, 1, 1, List.of(new Term(1, 0.5)), row.states()));
        for (Row other : others) {
            assertEquals(2, table.firstDifference(new SolverTable(List.of(row, other))), other.toString());
        }
        assertEquals(2, table.firstDifference(new SolverTable(List.of(row))));
        List<Row> longer = new ArrayList<>(table.rows());
        longer.add(second);
        assertEquals(3, table.firstDifference(new SolverTable(longer)));
    }

    @Test
    void illegalTablesAreRefused() {
        NoiseLevel level = HandMade.GRID.level(0);
        Term term = new Term(1, 0.5);
        refused("number of rows 0: must be 1 or more", () -> new SolverTable(List.of()));
        refused("factor NaN: must be finite", () -> new Term(0, Double.NaN));
        refused("parentFactor Infinity: must be finite",
                () -> new Row(level, 0, Double.POSITIVE_INFINITY, List.of(), List.of()));
        refused("[0].parent -1: must be 0",
                () -> new SolverTable(List.of(new Row(level, -1, 1, List.of(), List.of()))));
        refused("[0].predictions 1: must be 0",
                () -> new SolverTable(List.of(new Row(level, 0, 1, List.of(term), List.of()))));
        refused("[0].states 1: must be 0",
                () -> new SolverTable(List.of(new Row(level, 0, 1, List.of(), List.of(term)))));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalValueException.class, call).getMessage());
    }
}
