package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Every step adds noise first, as stochastic samplers do, and asks the model at the noisier row: rows 0, 2, 4, ... are
 * never asked, neither the first row nor the last one.
 */
public record LateModel() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int step = 1; step <= grid.steps(); step++) {
            NoiseLevel from = grid.level(step - 1);
            int clean = 2 * (step - 1);
            NoiseLevel noisier = new NoiseLevel(from.time() + 0.5, from.alpha(), 1.1 * from.sigma());
            rows.row(noisier, clean).state(clean, 1).noise(0.1);
            rows.row(grid.level(step), clean + 1).state(clean + 1, 0.9).prediction(clean + 1, 0.3);
        }
        return rows.build();
    }
}
