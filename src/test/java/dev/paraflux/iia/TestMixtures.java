package dev.paraflux.iia;

import dev.paraflux.TestDenoisers;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Exact models that fits are tried on. */
final class TestMixtures {
    private TestMixtures() {}

    /** Some components of random means, all data together of a standard deviation near 0.5, as pictures have. */
    static List<GaussianMixtureDenoiser.Component> components(int dim, int count) {
        Random random = new Random(31L * dim + count);
        List<GaussianMixtureDenoiser.Component> components = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            double[] mean = random.doubles(dim, -1, 1).map(value -> 0.75 * value).toArray();
            components.add(new GaussianMixtureDenoiser.Component(1 + k, mean, 0.15 + 0.1 * k));
        }
        return components;
    }

    static GaussianMixtureDenoiser mixture(int dim, int count) {
        return new GaussianMixtureDenoiser(new int[] {dim}, components(dim, count));
    }

    /** What the model of these components says, in double. */
    static double[] epsilon(List<GaussianMixtureDenoiser.Component> components, double[] x, NoiseLevel at) {
        double[] epsilon = new double[x.length];
        double sum = 0;
        double[] logs = components.stream().mapToDouble(component -> log(component, x, at)).toArray();
        double largest = Arrays.stream(logs).max().orElseThrow();
        for (int k = 0; k < logs.length; k++) {
            double share = Math.exp(logs[k] - largest);
            sum += share;
            for (int e = 0; e < x.length; e++) {
                double distance = x[e] - at.alpha() * components.get(k).mean()[e];
                epsilon[e] += share * at.sigma() * distance / variance(components.get(k), at);
            }
        }
        for (int e = 0; e < x.length; e++) {
            epsilon[e] /= sum;
        }
        return epsilon;
    }

    private static double log(GaussianMixtureDenoiser.Component component, double[] x, NoiseLevel at) {
        double squares = 0;
        for (int e = 0; e < x.length; e++) {
            double distance = x[e] - at.alpha() * component.mean()[e];
            squares += distance * distance;
        }
        double variance = variance(component, at);
        return Math.log(component.weight()) - x.length * Math.log(variance) / 2 - squares / (2 * variance);
    }

    private static double variance(GaussianMixtureDenoiser.Component component, NoiseLevel at) {
        double deviation = at.alpha() * component.standardDeviation();
        return deviation * deviation + at.sigma() * at.sigma();
    }

    /** eps of normal data whose elements are independent, of deviations 0.2, 0.4, 0.6, ...: linear in x. */
    static double diagonal(double x, NoiseLevel level, int e) {
        double deviation = 0.2 * (1 + e) * level.alpha();
        return level.sigma() * x / (deviation * deviation + level.sigma() * level.sigma());
    }

    /** The model that says so, in the words of any prediction. */
    static TestDenoisers.Recording diagonal(int dim, Prediction prediction) {
        return TestDenoisers.of(dim, prediction, (x, level, condition, e) -> {
            double epsilon = diagonal(x, level, e);
            double x0 = (x - level.sigma() * epsilon) / level.alpha();
            return prediction.outputOfX0(level) * x0 + prediction.outputOfEpsilon(level) * epsilon;
        });
    }
}
