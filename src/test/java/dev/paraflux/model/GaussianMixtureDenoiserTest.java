package dev.paraflux.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.GaussianMixtureDenoiser.Component;
import dev.paraflux.schedule.NoiseLevel;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public class GaussianMixtureDenoiserTest extends DenoiserContract {
    public static final Component LEFT = new Component(1, new double[] {-0.5, 0.2, 0.1}, 0.3);
    public static final Component RIGHT = new Component(3, new double[] {0.6, -0.4, 0}, 0.5);

    @Override
    protected Denoiser open() {
        return new GaussianMixtureDenoiser(new int[] {1, 3}, List.of(LEFT, RIGHT));
    }

    @Override
    protected List<Conditioning> legal() {
        return conditions(Condition.none(), Condition.label(0), Condition.label(1));
    }

    @Override
    protected Conditioning illegal() {
        return Conditioning.of(new Condition.Embedding(new float[2], 1, 2));
    }

    /** eps = -sigma grad log p, the gradient taken numerically from the density written down here. */
    @ParameterizedTest
    @CsvSource({"0.02, 1, 3", "0.3, 1, 3", "0.9, 1, 3", "0.999, 1, 3", "0.3, 1, 0", "0.3, 0, 3"})
    void predictionIsTheGradientOfTheLogDensity(double alphaBar, double leftWeight, double rightWeight) {
        NoiseLevel level = NoiseLevel.ofAlphaBar(1, alphaBar);
        Condition condition = leftWeight == 0 ? Condition.label(1)
                : rightWeight == 0 ? Condition.label(0) : Condition.none();
        Random random = new Random(7);
        for (int trial = 0; trial < 20; trial++) {
            float[] x = {(float) random.nextGaussian(), (float) random.nextGaussian(), (float) random.nextGaussian()};
            float[] found = evaluate(level, condition, x);
            for (int e = 0; e < 3; e++) {
                double h = 1e-5;
                double above = logDensity(x, e, h, level, leftWeight, rightWeight);
                double below = logDensity(x, e, -h, level, leftWeight, rightWeight);
                double expected = -level.sigma() * (above - below) / (2 * h);
                assertEquals(expected, found[e], 1e-5 * Math.max(1, Math.abs(expected)), "element " + e);
            }
        }
    }

    @Test
    void farFromEveryComponentTheNearestCounts() {
        NoiseLevel level = NoiseLevel.ofAlphaBar(1, 0.999999);
        float[] found = evaluate(level, Condition.none(), new float[] {1000, 0, 0});
        double variance = Math.pow(level.alpha() * 0.5, 2) + Math.pow(level.sigma(), 2);
        // Both densities are 0 in double there; their ratio is not.
        assertEquals(level.sigma() * (1000 - level.alpha() * 0.6) / variance, found[0], 1e-3);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2})
    void labelsWithoutComponentAreRefusedWithTheLegalRange(int label) {
        try (Denoiser denoiser = open()) {
            String message = assertThrows(IllegalArgumentException.class,
                    () -> denoiser.requireLegal(Condition.label(label))).getMessage();
            assertEquals("label " + label + (label < 0 ? ": must be 0 or more" : ": must be 0 to 1"), message);
        }
    }

    @Test
    void impossibleMixturesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new GaussianMixtureDenoiser(new int[] {3}, List.of()));
        String message = assertThrows(IllegalArgumentException.class,
                () -> new GaussianMixtureDenoiser(new int[] {4}, List.of(LEFT))).getMessage();
        assertEquals("number of values of a component's mean 3: must be 4", message);
        for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> new Component(wrong, new double[1], 1))
                    .getMessage().contains("weight " + wrong));
            assertTrue(assertThrows(IllegalArgumentException.class, () -> new Component(1, new double[1], wrong))
                    .getMessage().contains("standardDeviation " + wrong));
        }
    }

    @Test
    void meanIsCopied() {
        double[] mean = {1, 2, 3};
        Component component = new Component(1, mean, 1);
        mean[0] = Double.NaN;
        assertEquals(1, component.mean()[0]);
        component.mean()[0] = Double.NaN;
        assertEquals(1, component.mean()[0]);
    }

    private float[] evaluate(NoiseLevel level, Condition condition, float[] x) {
        try (Denoiser denoiser = open();
                Buffer states = Device.cpu().allocate(1, 3);
                Buffer predictions = Device.cpu().allocate(1, 3)) {
            states.write(0, x);
            Batch batch = new Batch(1);
            batch.begin(states, 0, predictions, 0);
            batch.add(level, condition);
            denoiser.evaluate(batch);
            float[] found = new float[3];
            predictions.read(0, found);
            return found;
        }
    }

    private static double logDensity(float[] x, int moved, double by, NoiseLevel level, double leftWeight,
            double rightWeight) {
        double density = 0;
        for (Component component : List.of(LEFT, RIGHT)) {
            double variance = Math.pow(level.alpha() * component.standardDeviation(), 2) + Math.pow(level.sigma(), 2);
            double factor = component == LEFT ? leftWeight : rightWeight;
            for (int e = 0; e < 3; e++) {
                double difference = x[e] + (e == moved ? by : 0) - level.alpha() * component.mean()[e];
                factor *= Math.exp(-difference * difference / (2 * variance)) / Math.sqrt(variance);
            }
            density += factor;
        }
        return Math.log(density);
    }
}
