package consumer;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.method.window.Picard;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.model.GaussianMixtureDenoiser.Component;
import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TimeGrid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Draws a cross or a ring, 16 x 16, from a mixture of the two, without any model file. */
public final class Draw {
    private static final int SIDE = 16;

    private Draw() {}

    /**
     * Draws into a file.
     *
     * @param arguments its name
     */
    public static void main(String[] arguments) throws IOException {
        System.out.println(draw(Path.of(arguments[0])));
    }

    /** What was drawn, and how. */
    public static String draw(Path file) throws IOException {
        TimeGrid grid = TimeGrid.of(NoiseSchedule.linear(1000, 1e-4, 0.02), 50, Spacing.TRAILING, 0, FinalAlpha.ONE);
        double[] cross = new double[SIDE * SIDE];
        double[] ring = new double[SIDE * SIDE];
        for (int i = 0; i < cross.length; i++) {
            double x = i % SIDE - SIDE / 2 + 0.5;
            double y = i / SIDE - SIDE / 2 + 0.5;
            cross[i] = Math.abs(Math.abs(x) - Math.abs(y)) < 1.1 ? 1 : -1;
            ring[i] = Math.abs(Math.hypot(x, y) - 5) < 1.1 ? 1 : -1;
        }
        try (Denoiser model = new GaussianMixtureDenoiser(new int[] {1, SIDE, SIDE},
                List.of(new Component(0.5, cross, 0.02), new Component(0.5, ring, 0.02)));
                Sampler sampler = Sampler.builder(model, grid).build()) {
            Sample sample = sampler.sample(Request.seed(1).withMethod(Picard.defaults()));
            new ImageGrid(1, SIDE, SIDE, 1, 4).write(file, sample.values());
            double farthest = Math.min(farthest(sample.values(), cross), farthest(sample.values(), ring));
            if (farthest > 0.2 || sample.status() != Status.CONVERGED && sample.status() != Status.COMPLETED) {
                throw new IllegalStateException(sample.status() + ", " + farthest + " away from both pictures");
            }
            return "drew a picture: " + sample.status() + " in " + sample.stats().rounds() + " rounds";
        }
    }

    private static double farthest(float[] values, double[] picture) {
        double farthest = 0;
        for (int i = 0; i < values.length; i++) {
            farthest = Math.max(farthest, Math.abs(values[i] - picture[i]));
        }
        return farthest;
    }
}
