package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.Deis;
import dev.paraflux.solver.DpmSolver2;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.DpmSolverPlusPlus2S;
import dev.paraflux.solver.Euler;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Ipndm;
import dev.paraflux.solver.Plms;
import dev.paraflux.solver.SdeDpmSolverPlusPlus;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.SolverDescription;
import dev.paraflux.solver.Spndm;
import dev.paraflux.solver.StochasticHeun;
import dev.paraflux.solver.TriangularSystem;
import dev.paraflux.solver.UniPc;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be corrected, by how many vectors, and what cannot. */
class CorrectionTermsTest {
    private static final int STEPS = 6;

    static List<Solver> solvers() {
        return List.of(new Ddim(), new Euler(), new Heun(), new DpmSolver2(), new DpmSolverPlusPlus2S(),
                new DpmSolverPlusPlus(2), new DpmSolverPlusPlus(3), new UniPc(1), new UniPc(2), new UniPc(3),
                new Spndm(), new Ipndm(4), new Plms(), new Deis(2), new Deis(3));
    }

    /** A row that had more than nine terms would be refused when the table is built. */
    @ParameterizedTest
    @MethodSource("solvers")
    void everySolverHasRoomForTheLongestHistoryAndIsEvaluatedWhereItWas(Solver solver) {
        TimeGrid grid = TestGrids.angles(STEPS, 1.4);
        for (Prediction prediction : Prediction.values()) {
            StepRows rows = StepRows.of(solver.system(grid, prediction), grid, solver);
            for (CorrectionVectors vectors : CorrectionVectors.values()) {
                for (int history = 0; history <= vectors.maxHistory(); history++) {
                    CorrectedTable table = new CorrectedTable(rows, new Correction(vectors, history));
                    double[][] factors = new double[STEPS][];
                    for (int step = 1; step <= STEPS; step++) {
                        factors[step - 1] = new double[table.count(step)];
                        Arrays.fill(factors[step - 1], 0.1);
                    }
                    TriangularSystem corrected = table.corrected(factors);
                    assertEquals(rows.system().rows(), corrected.rows());
                    for (int row = 0; row <= corrected.rows(); row++) {
                        assertEquals(rows.system().evaluated(row), corrected.evaluated(row),
                                vectors + " with history " + history + ", row " + row);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CorrectionVectors.class)
    void historyBeyondTheLongestIsRefused(CorrectionVectors vectors) {
        for (int history : new int[] {-1, vectors.maxHistory() + 1, Integer.MAX_VALUE}) {
            String message = assertThrows(IllegalArgumentException.class, () -> new Correction(vectors, history))
                    .getMessage();
            assertTrue(message.startsWith("history " + history + ": must be 0"), message);
            assertTrue(message.endsWith("with vectors " + vectors), message);
        }
        assertEquals(0, Correction.by(vectors).history());
    }

    static List<Solver> stochastic() {
        return List.of(new Ddim(0.5), new Ddpm(), new SdeDpmSolverPlusPlus(), new StochasticHeun(2, 0.3, 10, 1.003));
    }

    @ParameterizedTest
    @MethodSource("stochastic")
    void solversThatTakeNoiseAreRefused(Solver solver) {
        TimeGrid grid = TestGrids.angles(STEPS, 1.4);
        TriangularSystem system = solver.system(grid, Prediction.EPSILON);
        String message = assertThrows(IllegalArgumentException.class, () -> StepRows.of(system, grid, solver))
                .getMessage();
        assertEquals("solver " + SolverDescription.of(solver)
                + ": must be one that takes no noise, for its steps to be corrected", message);
    }

    /** Of another grid, of two rows a step, and one that never comes back to the grid. */
    static List<Solver> withoutRowsAtTheLevels() {
        return List.of((grid, prediction) -> new Ddim().system(TestGrids.angles(STEPS, 1.3), prediction),
                (grid, prediction) -> new Ddim().system(grid.refined(2), prediction),
                (grid, prediction) -> new Ddim().system(new TimeGrid(grid.levels().subList(0, STEPS)), prediction),
                (grid, prediction) -> new Ddim().system(grid.from(1), prediction));
    }

    @ParameterizedTest
    @MethodSource("withoutRowsAtTheLevels")
    void solversWithoutARowAtEveryLevelAreRefused(Solver solver) {
        TimeGrid grid = TestGrids.angles(STEPS, 1.4);
        TriangularSystem system = solver.system(grid, Prediction.EPSILON);
        String message = assertThrows(IllegalArgumentException.class, () -> StepRows.of(system, grid, solver))
                .getMessage();
        assertTrue(message.startsWith("solver class (name " + getClass().getName() + "): must be one "), message);
    }
}
