package dev.paraflux.plan;

import dev.paraflux.check.Require;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Steps that a plan may come to instead of those that it is asked about: a better solver, which needs fewer of them to end as near
 * to where fine steps would.
 *
 * @param name   of the solver, as whoever reads the plan would ask for it
 * @param model  the same model, perhaps with something else around it that goes by the steps
 * @param grid   from the same noise
 * @param solver without noise of its own
 */
public record OtherSteps(String name, Denoiser model, TimeGrid grid, Solver solver) {
    private static final int[] PARTS = {20, 10, 8, 5, 4, 3, 2};

    /** Checks that nothing is missing. */
    public OtherSteps {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(grid, "grid");
        Objects.requireNonNull(solver, "solver");
    }

    /** Numbers of steps that are worth a try instead of this one: some of its parts, fewest first, each 2 or more. */
    public static List<Integer> fewerThan(int steps) {
        Require.atLeast(1, "steps", steps);
        List<Integer> counts = new ArrayList<>();
        for (int part : PARTS) {
            int count = Math.round((float) steps / part);
            if (count >= 2 && count < steps && !counts.contains(count)) {
                counts.add(count);
            }
        }
        return counts;
    }

    /**
     * So many steps between levels of a grid, the first and the last among them.
     *
     * @param steps 1 to those of the grid
     */
    public static TimeGrid thinned(TimeGrid grid, int steps) {
        Require.between(1, grid.steps(), "steps", steps);
        List<NoiseLevel> levels = new ArrayList<>();
        for (int i = 0; i <= steps; i++) {
            levels.add(grid.level((int) Math.round((double) i * grid.steps() / steps)));
        }
        return new TimeGrid(levels, grid.path()).withStartScale(grid.startScale());
    }
}
