package dev.paraflux.solver;

import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/** DPM-Solver++ of this order, or of the number of steps if that is less, for tests that try any number of steps. */
public record DpmSolverUpTo(int order) implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        return new DpmSolverPlusPlus(Math.min(order, grid.steps())).system(grid, prediction);
    }
}
