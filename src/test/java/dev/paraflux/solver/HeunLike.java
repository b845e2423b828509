package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Two rows a step, as in Heun's method: a stage, and a full row that continues from the full row before, two rows back,
 * and takes no other state. Its factors have no other meaning.
 */
public record HeunLike() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int step = 1; step <= grid.steps(); step++) {
            NoiseLevel from = grid.level(step - 1);
            NoiseLevel to = grid.level(step);
            NoiseLevel stageLevel = new NoiseLevel(0.5 * from.time() + 0.5 * to.time(), to.alpha(),
                    0.5 * from.sigma() + 0.5 * to.sigma());
            int full = 2 * (step - 1);
            rows.row(stageLevel, full).state(full, 0.95).prediction(full, 0.2);
            rows.row(to, full).state(full, 0.95).prediction(full, 0.1).prediction(full + 1, 0.1);
        }
        return rows.build();
    }
}
