package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.TestGrids;
import dev.paraflux.Tolerances;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Data that is one Gaussian with mean mu and standard deviation s: its exact model is linear, so that DDIM's chain and the
 * probability-flow ODE have closed forms. With v = alpha^2 s^2 + sigma^2, a step takes the distance y = x - alpha mu to
 * y' = y (alpha alpha' s^2 + sigma sigma') / v, and the ODE takes it to y' = y sqrt(v' / v).
 */
class GaussianClosedFormTest {
    private static final int DIM = 64;
    private static final double MEAN = 0.4;
    private static final double DEVIATION = 0.5;
    /** Pure noise would be pi / 2: close to it, and alpha still 0.17. */
    private static final double FIRST_ANGLE = 1.4;

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 50, 200})
    void ddimIsTheProductOfItsSteps(int steps) {
        TimeGrid grid = TestGrids.angles(steps, FIRST_ANGLE);
        double factor = 1;
        for (int i = 1; i <= steps; i++) {
            NoiseLevel from = grid.level(i - 1);
            NoiseLevel to = grid.level(i);
            factor *= (from.alpha() * to.alpha() * DEVIATION * DEVIATION + from.sigma() * to.sigma()) / variance(from);
        }
        assertEquals(0, largestDifference(grid, factor), Tolerances.FLOAT_RUN);
    }

    @Test
    void globalErrorFallsAsOneOverTheSteps() {
        int[] steps = {20, 40, 80, 160, 320};
        double[] logSteps = new double[steps.length];
        double[] logErrors = new double[steps.length];
        for (int k = 0; k < steps.length; k++) {
            TimeGrid grid = TestGrids.angles(steps[k], FIRST_ANGLE);
            double exact = Math.sqrt(variance(grid.level(steps[k])) / variance(grid.level(0)));
            logSteps[k] = Math.log(steps[k]);
            logErrors[k] = Math.log(largestDifference(grid, exact));
        }
        assertEquals(-1, slope(logSteps, logErrors), 0.1, Arrays.toString(logErrors));
    }

    /** Each step multiplies the deviation by a factor and adds noise; with few steps DDPM's samples are too narrow. */
    @Test
    void ddpmHasTheDeviationOfItsRecursion() {
        TimeGrid grid = TestGrids.linear(100);
        double deviation = 1;
        for (int i = 1; i <= grid.steps(); i++) {
            NoiseLevel from = grid.level(i - 1);
            NoiseLevel to = grid.level(i);
            double ratio = from.alpha() / to.alpha();
            double noise = i == grid.steps() ? 0 : to.sigma() / from.sigma() * Math.sqrt(1 - ratio * ratio);
            double factor = (to.alpha() * from.alpha() * DEVIATION * DEVIATION
                    + Math.sqrt(to.sigma() * to.sigma() - noise * noise) * from.sigma()) / variance(from);
            deviation = Math.hypot(factor * deviation, noise);
        }
        double[] found = meanAndDeviation(grid);
        assertEquals(MEAN, found[0], 0.02 * MEAN);
        assertEquals(deviation, found[1], 0.02 * deviation);
    }

    @Test
    void ddpmWithManyStepsDrawsFromTheData() {
        double[] found = meanAndDeviation(TestGrids.linear(500));
        assertEquals(MEAN, found[0], 0.03 * MEAN);
        assertEquals(DEVIATION, found[1], 0.03 * DEVIATION);
    }

    /** Of 2000 samples of 16 values: the mean is known to 0.7 %, the deviation to 0.4 %, one standard error. */
    private static double[] meanAndDeviation(TimeGrid grid) {
        int samples = 2000;
        int dim = 16;
        double sum = 0;
        double squares = 0;
        try (GaussianMixtureDenoiser model = model(dim);
                Sampler sampler = Sampler.builder(model, grid).solver(new Ddpm()).build()) {
            for (Sample sample : sampler.sample(LongStream.range(0, samples).mapToObj(Request::seed).toList())) {
                for (float value : sample.values()) {
                    sum += value;
                    squares += (double) value * value;
                }
            }
        }
        double mean = sum / (samples * dim);
        return new double[] {mean, Math.sqrt(squares / (samples * dim) - mean * mean)};
    }

    /** How far the sample is from alpha_N mu + factor (x_0 - alpha_0 mu), over all elements. */
    private static double largestDifference(TimeGrid grid, double factor) {
        float[] start = new float[DIM];
        new TorchRandom(3).fillNormal(start);
        float[] sample;
        try (GaussianMixtureDenoiser model = model(DIM); Sampler sampler = Sampler.builder(model, grid).build()) {
            sample = sampler.sample(Request.seed(0).withStart(start)).values();
        }
        double largest = 0;
        for (int e = 0; e < DIM; e++) {
            double expected = grid.level(grid.steps()).alpha() * MEAN
                    + factor * (start[e] - grid.level(0).alpha() * MEAN);
            largest = Math.max(largest, Math.abs(sample[e] - expected));
        }
        return largest;
    }

    private static GaussianMixtureDenoiser model(int dim) {
        double[] mean = new double[dim];
        Arrays.fill(mean, MEAN);
        return new GaussianMixtureDenoiser(new int[] {dim},
                List.of(new GaussianMixtureDenoiser.Component(1, mean, DEVIATION)));
    }

    private static double variance(NoiseLevel level) {
        return Math.pow(level.alpha() * DEVIATION, 2) + level.sigma() * level.sigma();
    }

    private static double slope(double[] x, double[] y) {
        double meanX = Arrays.stream(x).average().orElseThrow();
        double meanY = Arrays.stream(y).average().orElseThrow();
        double product = 0;
        double square = 0;
        for (int k = 0; k < x.length; k++) {
            product += (x[k] - meanX) * (y[k] - meanY);
            square += (x[k] - meanX) * (x[k] - meanX);
        }
        return product / square;
    }
}
