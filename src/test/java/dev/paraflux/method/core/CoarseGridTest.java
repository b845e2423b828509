package dev.paraflux.method.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.Request;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Runs;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Ipndm;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.StagedTwoStep;
import dev.paraflux.solver.TriangularSystem;
import dev.paraflux.solver.UniPc;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Coarse solvers that are made for the boundaries of the blocks. */
class CoarseGridTest {
    private static final int STEPS = 10;
    private static final TimeGrid GRID = TestGrids.angles(STEPS, 1.4);

    static List<Solver> solvers() {
        return List.of(new Ddim(), new Ipndm(3), new Heun(), new StagedTwoStep(), new UniPc(2));
    }

    /** Blocks of equal length, the last ones shorter, as few as that takes; each still has a step. */
    @ParameterizedTest
    @MethodSource("solvers")
    void coarseGridHasTheLevelsOfTheBlockBoundaries(Solver solver) {
        TriangularSystem system = solver.system(GRID, Prediction.EPSILON);
        int[][] boundaries = {{0, 10}, {0, 5, 10}, {0, 4, 8, 10}, {0, 3, 6, 9, 10}, {0, 2, 4, 6, 8, 10},
                {0, 2, 4, 6, 8, 9, 10}};
        for (int blocks = 1; blocks <= boundaries.length; blocks++) {
            List<NoiseLevel> expected = new ArrayList<>();
            for (int step : boundaries[blocks - 1]) {
                expected.add(GRID.level(step));
            }
            assertEquals(expected, Srds.defaults().withBlocks(blocks).coarseGrid(system).levels());
        }
        assertEquals(4, Srds.defaults().coarseGrid(system).levels().size(), "the square root of 10, and 1");
        assertEquals(GRID.levels(), Srds.defaults().withBlocks(STEPS).coarseGrid(system).levels());
    }

    @Test
    void moreBlocksThanStepsHaveNoGrid() {
        TriangularSystem system = new Ddim().system(GRID, Prediction.EPSILON);
        String message = assertThrows(IllegalArgumentException.class,
                () -> Srds.defaults().withBlocks(STEPS + 1).coarseGrid(system)).getMessage();
        assertEquals("blocks 11: must be 1 to 10, the number of the solver's steps", message);
    }

    /** DDIM is made for any levels, and so for these. */
    @Test
    void coarseSolverIsAskedForTheBoundariesAloneAndItsStepsAreTaken() {
        Runs runs = new Runs(TestDenoisers.bent(5), GRID, new Ddim());
        List<TimeGrid> asked = new ArrayList<>();
        Solver recording = (grid, prediction) -> {
            asked.add(grid);
            return new Ddim().system(grid, prediction);
        };
        Srds coarse = Srds.defaults().withStop(StopRule.values(0)).withMaxRefinements(1);
        assertArrayEquals(runs.run(coarse, Request.seed(1)).values(),
                runs.run(coarse.withCoarse(CoarseStep.atBoundaries(recording)), Request.seed(1)).values());
        List<NoiseLevel> boundaries = coarse.coarseGrid(new Ddim().system(GRID, Prediction.EPSILON)).levels();
        assertFalse(asked.isEmpty());
        asked.forEach(grid -> assertEquals(boundaries, grid.levels()));
    }

    @Test
    void coarseSolverThatLooksBackOrHasStagesIsRefused() {
        Runs runs = new Runs(TestDenoisers.bent(5), GRID, new Ddim());
        for (Solver solver : List.of(new Ipndm(2), new Heun())) {
            String message = assertThrows(IllegalArgumentException.class, () -> runs
                    .run(Srds.defaults().withCoarse(CoarseStep.atBoundaries(solver)), Request.seed(1))).getMessage();
            assertEquals(
                    "coarse solver " + solver
                            + ": must be one of one row a step, from the row before alone, as Ddim is",
                    message);
        }
        assertThrows(NullPointerException.class, () -> CoarseStep.atBoundaries(null));
    }
}
