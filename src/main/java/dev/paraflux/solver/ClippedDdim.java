package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * {@link Ddim} for a model behind {@code dev.paraflux.model.around.StepClipping}, where a step may end at the level that it starts
 * from: without clipping such a step leaves the state as it is, and its table has no place for what clipping changes. Here
 * it has: the output counts as much as the sample would. The other steps are those of {@link Ddim}.
 *
 * @param eta             as of {@link Ddim}
 * @param noiseInLastStep as of {@link Ddim}
 */
public record ClippedDdim(double eta, boolean noiseInLastStep) implements Solver {
    /** Shorter steps are roundings of none. */
    private static final double NONE = 1e-9;

    /** Checks eta. */
    public ClippedDdim {
        new Ddim(eta, noiseInLastStep);
    }

    /** The solver that it is otherwise. */
    Ddim ddim() {
        return new Ddim(eta, noiseInLastStep);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        TriangularSystem plain = ddim().system(grid, prediction);
        for (int i = 1; i <= grid.steps(); i++) {
            rows.row(grid.level(i), i - 1).rightSide(plain, i, row -> row);
            if (prediction == Prediction.SAMPLE && weight(grid, i) != plainWeight(grid, i)) {
                rows.prediction(i - 1, weight(grid, i) - plainWeight(grid, i));
            }
        }
        return rows.build();
    }

    /** The factor of a predicted sample in the step to row i. */
    double weight(TimeGrid grid, int i) {
        double plain = plainWeight(grid, i);
        return Math.abs(plain) > NONE ? plain : grid.end(i).alpha();
    }

    /** The same of plain DDIM: none where the level stays. */
    double plainWeight(TimeGrid grid, int i) {
        NoiseLevel from = grid.level(i - 1);
        return grid.end(i).alpha() - ddim().direction(grid, i) * from.alpha() / from.sigma();
    }
}
