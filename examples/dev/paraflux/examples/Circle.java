package dev.paraflux.examples;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.DenoiserChecks;
import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TimeGrid;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A denoiser of one's own. Its data are points of a circle of radius 1, all equally likely, so that what is to be predicted, the
 * mean of the points that a noisy one may come from, has a formula.
 */
public final class Circle implements Denoiser {
    /** Beyond, the ratio's first terms for large arguments are exact to six digits. */
    private static final double LARGE = 50;
    private static final int TERMS = 100;
    private static final int POINTS = 200;

    @Override
    public int[] shape() {
        return new int[] {2};
    }

    @Override
    public Prediction prediction() {
        return Prediction.SAMPLE;
    }

    @Override
    public void requireLegal(Condition condition) {
        if (!condition.equals(Condition.none())) {
            throw new IllegalValueException("condition", condition, "none");
        }
    }

    @Override
    public void evaluate(Batch batch) {
        float[] point = new float[2];
        for (int i = 0; i < batch.size(); i++) {
            batch.states().read(batch.stateRow(i), point);
            NoiseLevel level = batch.level(i);
            double radius = Math.hypot(point[0], point[1]);
            double mean = ratio(level.alpha() * radius / (level.sigma() * level.sigma()));
            point[0] *= (float) (mean / radius);
            point[1] *= (float) (mean / radius);
            batch.predictions().write(batch.predictionRow(i), point);
        }
    }

    /** I1(k) / I0(k), of Bessel's functions: the mean of cos for angles whose density goes as exp(k cos). */
    private static double ratio(double k) {
        if (k > LARGE) {
            return 1 - 1 / (2 * k) - 1 / (8 * k * k);
        }
        double ratio = 0;
        for (int n = TERMS; n > 0; n--) {
            ratio = 1 / (2 * n / k + ratio);
        }
        return ratio;
    }

    /** @param arguments none */
    public static void main(String[] arguments) {
        Circle circle = new Circle();
        TimeGrid grid = TimeGrid.of(NoiseSchedule.linear(1000, 1e-4, 0.02), 100, Spacing.TRAILING, 0, FinalAlpha.ONE);
        DenoiserChecks.verify(circle, grid, Condition.none());
        for (Method method : List.of(new Sequential(), ParaTaa.defaults())) {
            try (Sampler sampler = Sampler.builder(circle, grid).method(method).build()) {
                List<Sample> points = sampler.sample(IntStream.range(0, POINTS).mapToObj(Request::seed).toList());
                double[] radii = points.stream().mapToDouble(p -> Math.hypot(p.values()[0], p.values()[1])).sorted()
                        .toArray();
                long right = points.stream().filter(p -> p.values()[0] > 0).count();
                int rounds = points.stream().mapToInt(p -> p.stats().rounds()).max().orElseThrow();
                System.out.printf(Locale.ROOT, "%s: radius %.2f to %.2f, %d of %d on the right, %d rounds at most%n",
                        method.getClass().getSimpleName(), radii[0], radii[POINTS - 1], right, POINTS, rounds);
            }
        }
    }
}
