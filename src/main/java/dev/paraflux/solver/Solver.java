package dev.paraflux.solver;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * A solver of the sampling equation, as a table of coefficients. Implementations are immutable records that write the
 * rows of equation (1); every {@code Method} then solves them, on every device and for every model.
 */
public interface Solver {
    /**
     * Writes the table for a grid and a kind of model, by a {@link TriangularSystem.Builder} of this prediction that begins
     * at the grid's level 0. How many rows a step takes is the solver's matter; the last row is the sample.
     *
     * @param grid       the levels, of one step or more; neighbours may be equal
     * @param prediction what the model's output means; the system is to be of it
     * @throws IllegalArgumentException if the grid does not suit the solver, or the prediction does not determine a row
     */
    TriangularSystem system(TimeGrid grid, Prediction prediction);

    /**
     * The same, checked for what a solver of one's own may get wrong. What solves systems asks for them here.
     *
     * @throws IllegalArgumentException as {@link #system}, or if there is no system, or it is of another prediction, or
     *                                  begins at another level than the grid
     */
    default TriangularSystem checkedSystem(TimeGrid grid, Prediction prediction) {
        TriangularSystem system = system(grid, prediction);
        if (system == null) {
            throw new IllegalValueException("system of solver " + SolverDescription.of(this), null,
                    "a table for the steps of the grid");
        }
        if (system.prediction() != prediction) {
            throw new IllegalValueException("prediction of the system of solver " + SolverDescription.of(this),
                    system.prediction(), prediction + ", which the solver was asked for: what the model predicts");
        }
        if (!system.level(0).sameAs(grid.level(0))) {
            throw new IllegalValueException("level of row 0 of solver " + SolverDescription.of(this), system.level(0),
                    grid.level(0) + ", where the grid begins");
        }
        return system;
    }

    /** The fewest steps that it takes, 1 if not said otherwise. */
    default int leastSteps() {
        return 1;
    }

    /**
     * The end of a grid that changes an image so much, {@link TimeGrid#strength}, where this solver takes its steps.
     *
     * @throws IllegalValueException naming strength, number of steps and what is legal, if the whole grid has steps enough for
     *                               this solver, and its end has not
     */
    default TimeGrid end(TimeGrid grid, double strength) {
        TimeGrid end = grid.strength(strength);
        if (end.steps() < leastSteps() && grid.steps() >= leastSteps()) {
            // Rounded up, so that what is named is legal.
            double least = Math.ceil(1e4 * leastSteps() / grid.steps()) / 1e4;
            throw new IllegalValueException("strength", strength, (least == 1 ? "1" : least + " to 1") + " for "
                    + grid.steps() + " steps of " + SolverDescription.of(this) + ", which takes " + leastSteps()
                    + " of them or more");
        }
        return end;
    }
}
