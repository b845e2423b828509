package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.TestGrids;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of one system in another one. */
class CopiedRowsTest {
    private static final TimeGrid GRID = TestGrids.linear(4);

    static List<Solver> solvers() {
        return List.of(new Ddim(0.5), new Heun(), new Ipndm(3), new UniPc(3), new StagedTwoStep());
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void copiedRowsAreTheSameAtTheirNewPlaces(Solver solver) {
        TriangularSystem system = solver.system(GRID, Prediction.VELOCITY);
        int before = 3;
        var rows = new TriangularSystem.Builder(GRID.level(0), Prediction.VELOCITY);
        for (int row = 1; row <= before; row++) {
            rows.row(GRID.level(0), row - 1).state(row - 1, 1);
        }
        for (int row = 1; row <= system.rows(); row++) {
            rows.row(system.level(row), before + system.parent(row)).rightSide(system, row, j -> before + j);
        }
        TriangularSystem copy = rows.build();
        for (int row = 1; row <= system.rows(); row++) {
            RecordedRow expected = new RecordedRow(system, row);
            RecordedRow actual = new RecordedRow(copy, before + row);
            assertEquals(system.parentFactor(row), copy.parentFactor(before + row));
            assertEquals(expected.noise, actual.noise);
            assertEquals(expected.states.size(), actual.states.size());
            assertEquals(expected.predictions.size(), actual.predictions.size());
            expected.states.forEach((j, factor) -> assertEquals(factor, actual.states.get(before + j)));
            expected.predictions.forEach((j, factor) -> assertEquals(factor, actual.predictions.get(before + j)));
        }
    }

    @Test
    void termsAddUpWithThoseThatAreThere() {
        TriangularSystem system = new Ddim().system(GRID, Prediction.EPSILON);
        RecordedRow plain = new RecordedRow(system, 1);
        TriangularSystem more = new TriangularSystem.Builder(GRID.level(0), Prediction.EPSILON).row(GRID.level(1), 0)
                .prediction(0, 0.25)
                .rightSide(system, 1, IntUnaryOperator.identity())
                .state(0, 0.5)
                .build();
        RecordedRow row = new RecordedRow(more, 1);
        assertEquals(Map.of(0, plain.ofState(0) + 0.5), row.states);
        assertEquals(Map.of(0, 0.25 + plain.ofPrediction(0)), row.predictions);
    }

    @Test
    void placesThatAreNotEarlierAreRefused() {
        TriangularSystem system = new Ddim().system(GRID, Prediction.EPSILON);
        var rows = new TriangularSystem.Builder(GRID.level(0), Prediction.EPSILON).row(GRID.level(1), 0);
        assertThrows(IllegalArgumentException.class, () -> rows.rightSide(system, 1, j -> j + 1));
    }
}
