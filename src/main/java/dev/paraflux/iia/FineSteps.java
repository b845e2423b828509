package dev.paraflux.iia;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.SolverDescription;
import dev.paraflux.solver.TriangularSystem;
import java.util.stream.IntStream;

/**
 * The fine reference Psi: a solver on a grid that has all levels of the coarse one, and others between them.
 *
 * @param solver   the solver
 * @param grid     the fine grid
 * @param position of each level of the coarse grid in the fine one
 */
record FineSteps(Solver solver, TimeGrid grid, int[] position) {

    /** So many in each step. */
    static FineSteps refined(Solver solver, TimeGrid coarse, int parts) {
        return new FineSteps(solver, coarse.refined(parts),
                IntStream.rangeClosed(0, coarse.steps()).map(step -> step * parts).toArray());
    }

    /**
     * Those of a grid. Of levels that are equal, the first is taken for the coarse level; but the last, for its last
     * one.
     *
     * @throws IllegalArgumentException if the fine grid lacks a level of the coarse one, or goes on beyond it
     */
    static FineSteps of(Solver solver, TimeGrid fine, TimeGrid coarse) {
        if (!fine.level(0).sameAs(coarse.level(0))
                || !fine.level(fine.steps()).sameAs(coarse.level(coarse.steps()))) {
            throw new IllegalValueException("fineGrid", fine.level(0) + " to " + fine.level(fine.steps()),
                    "one with the first and the last level of the grid, " + coarse.level(0) + " to "
                            + coarse.level(coarse.steps()));
        }
        int[] position = new int[coarse.steps() + 1];
        position[coarse.steps()] = fine.steps();
        int at = 1;
        for (int i = 1; i < coarse.steps(); i++) {
            while (at < fine.steps() && !fine.level(at).sameAs(coarse.level(i))) {
                at++;
            }
            if (at >= fine.steps()) {
                throw new IllegalValueException("number of steps of fineGrid", fine.steps(),
                        "those of a grid with all levels of the grid; it has none at level " + i + ", "
                                + coarse.level(i));
            }
            position[i] = at++;
        }
        return new FineSteps(solver, fine, position);
    }

    /**
     * Builds them all once.
     *
     * @throws IllegalArgumentException if the solver takes noise, or cannot take so few steps
     */
    void requireSuits(Prediction prediction) {
        boolean noise = whole(prediction).noiseRows() > 0;
        for (int step = 1; step < position.length; step++) {
            noise |= across(step, prediction).noiseRows() > 0;
        }
        if (noise) {
            throw new IllegalValueException("fineSolver", SolverDescription.of(solver),
                    "one that takes no noise");
        }
    }

    /** The fine steps across step i, 1 to N. A multistep solver begins them at first order. */
    TriangularSystem across(int step, Prediction prediction) {
        TimeGrid part = new TimeGrid(grid.levels().subList(position[step - 1], position[step] + 1), grid.path());
        return solver.checkedSystem(part, prediction);
    }

    /** All the fine steps, from noise to sample. */
    TriangularSystem whole(Prediction prediction) {
        return solver.checkedSystem(grid, prediction);
    }
}
