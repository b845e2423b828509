package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * A table with everything that equation (1) allows, and no other meaning. Each step of the grid is three rows: a stage
 * with noise; a row that the model is never asked at; and the full row, whose parent is the full row before, which looks
 * back two steps as Adams-Bashforth does and takes other states and noise as well. Its factors keep values of order 1.
 */
public record StagedTwoStep() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int step = 1; step <= grid.steps(); step++) {
            NoiseLevel from = grid.level(step - 1);
            NoiseLevel to = grid.level(step);
            int full = 3 * (step - 1);
            int stage = full + 1;
            int between = full + 2;
            int fullBefore = Math.max(0, full - 3);
            rows.row(middle(from, to, 0.4), full).state(full, 0.9).prediction(full, 0.3).noise(0.1);
            rows.row(middle(from, to, 0.7), stage).state(stage, 0.5).state(full, 0.25).prediction(stage, 0.2);
            rows.row(to, full)
                    .state(full, 0.6)
                    .prediction(full, 0.3)
                    .prediction(fullBefore, -0.15)
                    .prediction(stage, 0.2)
                    .state(between, 0.15)
                    .state(fullBefore, 0.1)
                    .noise(0.05);
        }
        return rows.build();
    }

    /** A level of its own for every row, so that a test can tell rows by their level. */
    private static NoiseLevel middle(NoiseLevel from, NoiseLevel to, double share) {
        double angle = (1 - share) * Math.atan2(from.sigma(), from.alpha())
                + share * Math.atan2(to.sigma(), to.alpha());
        return new NoiseLevel((1 - share) * from.time() + share * to.time(), Math.cos(angle), Math.sin(angle));
    }
}
