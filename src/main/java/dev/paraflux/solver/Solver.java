package dev.paraflux.solver;

import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * A solver of the sampling equation, as a table of coefficients. Implementations are immutable records that write the
 * rows of equation (1); every {@code Method} then solves them, on every device and for every model.
 */
public interface Solver {
    /**
     * Writes the table for a grid and a kind of model.
     *
     * @throws IllegalArgumentException if the grid does not suit the solver, or the prediction does not determine a row
     */
    TriangularSystem system(TimeGrid grid, Prediction prediction);
}
