package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Steps of one, two or three rows, as solvers of mixed order have: stages, each from the row before, and a full row
 * that continues from the full row before. Its factors have no other meaning.
 */
public record UnevenSteps() implements Solver {

    /** The rows of a step, from 1: 2, 1, 3, 2, 2, 1, 3, ... */
    public static int rows(int step) {
        return new int[] {2, 2, 1, 3}[step % 4];
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        int full = 0;
        for (int step = 1; step <= grid.steps(); step++) {
            NoiseLevel from = grid.level(step - 1);
            NoiseLevel to = grid.level(step);
            int next = full + rows(step);
            for (int stage = full + 1; stage < next; stage++) {
                double share = (stage - full) / (double) rows(step);
                NoiseLevel level = new NoiseLevel((1 - share) * from.time() + share * to.time(), to.alpha(),
                        (1 - share) * from.sigma() + share * to.sigma());
                rows.row(level, stage - 1).state(stage - 1, 0.95).prediction(stage - 1, 0.2);
            }
            rows.row(to, full).state(full, 0.9).prediction(full, 0.2);
            if (next > full + 1) {
                rows.prediction(next - 1, 0.1).state(next - 1, 0.05);
            }
            full = next;
        }
        return rows.build();
    }
}
