package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * DPM-Solver-2 with ancestral noise, diffusers' KDPM2AncestralDiscreteScheduler: in {@code y = x / alpha} over
 * {@code r = sigma / alpha} a step down to {@code r'^2 / r} by the eps of a stage in its middle, in log r, and noise up to r'
 * again. Two rows and two evaluations a step.
 *
 * <p>The middle of r and {@code r'^2 / r} is r' itself, so that the stage is at the next level. A step to sigma = 0 is
 * Euler's. Levels with alpha = 0 are refused unless their step is Euler's.
 */
public record Kdpm2Ancestral() implements Solver {
    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        int row = 0;
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel from = grid.level(i - 1);
            NoiseLevel to = grid.level(i);
            double ratio = to.sigma() > 0 ? Coordinates.ratio(from, i - 1) : from.ratio();
            // Its time is the path's, which the grid may have rounded.
            NoiseLevel stage = to.sigma() > 0 ? grid.path().at(to.ratio()) : to;
            // Euler's step: the stage, or all of it.
            rows.row(stage, row).x0(row, stage.alpha()).epsilon(row, stage.sigma());
            if (to.sigma() > 0) {
                double down = to.ratio() * to.ratio() / ratio;
                rows.row(to, row)
                        .x0(row, to.alpha())
                        .epsilon(row, to.alpha() * ratio)
                        .epsilon(row + 1, to.alpha() * (down - ratio))
                        .noise(from.noiseScaleTo(to));
                row++;
            }
            row++;
        }
        return rows.build();
    }
}
