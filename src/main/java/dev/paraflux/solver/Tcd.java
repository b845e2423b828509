package dev.paraflux.solver;

import dev.paraflux.check.Require;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;

/**
 * Strategic stochastic sampling of trajectory consistency distillation (Zheng et al., arXiv 2402.19159, algorithm 4), as
 * diffusers' TCDScheduler has it: DDIM's step beyond the next time t', to the training step {@code s = (1 - eta) t'}, and
 * fresh noise back up to t'. For models that were distilled so.
 *
 * <p>The last step goes to training step 0, whatever the level of the grid's last row, and takes no noise. For grids of a
 * noise schedule alone.
 *
 * @param eta gamma of the paper: 0 (DDIM) to 1 (all the way to the sample and back)
 */
public record Tcd(double eta) implements Solver {
    /** Checks eta. */
    public Tcd {
        Require.between(0.0, 1.0, "eta", eta);
    }

    /** With eta 0.3, diffusers' default. */
    public Tcd() {
        this(0.3);
    }

    @Override
    public TriangularSystem system(TimeGrid grid, Prediction prediction) {
        NoiseSchedule schedule = TrainedTimes.schedule(grid);
        var rows = new TriangularSystem.Builder(grid.level(0), prediction);
        for (int i = 1; i <= grid.steps(); i++) {
            boolean last = i == grid.steps();
            NoiseLevel to = last ? schedule.level(0) : grid.level(i);
            NoiseLevel beyond = last ? to : schedule.level(beyond(to.time()));
            boolean noisy = !last && eta > 0;
            // Back up by the diffusion itself: its noise is what the variance lacks.
            double carried = noisy ? to.alpha() / beyond.alpha() : 1;
            rows.row(grid.level(i), i - 1)
                    .x0(i - 1, carried * beyond.alpha())
                    .epsilon(i - 1, carried * beyond.sigma())
                    .noise(noisy ? Math.sqrt(Math.max(0, 1 - carried * carried)) : 0);
        }
        return rows.build();
    }

    /** In float32, as diffusers has it: 0.7 * 700 is 490 there, and falls short of it in double. */
    private int beyond(double time) {
        return (int) Math.floor((float) (1 - eta) * (float) time);
    }
}
