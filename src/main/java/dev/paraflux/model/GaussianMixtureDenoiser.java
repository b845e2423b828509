package dev.paraflux.model;

import dev.paraflux.check.Require;
import dev.paraflux.json.Description;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * The exact noise prediction for data drawn from a mixture of isotropic Gaussians: no network, no training error. For
 * examples, and for tests that need the truth; with one component every linear solver has a closed form.
 *
 * <p>At noise level (alpha, sigma) component k has mean {@code alpha mu_k} and variance
 * {@code v_k = alpha^2 std_k^2 + sigma^2}, so {@code eps(x) = -sigma grad log p(x) = sigma sum_k r_k (x - alpha mu_k) / v_k}
 * with r_k the posterior weight of component k. A label k stands for component k alone. Computed in double.
 */
public final class GaussianMixtureDenoiser extends ClosedFormDenoiser {
    /**
     * One Gaussian.
     *
     * @param weight            share of the mixture, above 0; the shares are normalised
     * @param mean              one finite value per element of a row
     * @param standardDeviation of every element, above 0
     */
    public record Component(double weight, double[] mean, double standardDeviation) {
        public Component {
            Require.positive("weight", weight);
            mean = mean.clone();
            for (int e = 0; e < mean.length; e++) {
                Require.finite("mean[" + e + "]", mean[e]);
            }
            Require.positive("standardDeviation", standardDeviation);
        }

        @Override
        public double[] mean() {
            return mean.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Component component && weight == component.weight
                    && Arrays.equals(mean, component.mean) && standardDeviation == component.standardDeviation;
        }

        @Override
        public int hashCode() {
            return 31 * (31 * Double.hashCode(weight) + Arrays.hashCode(mean)) + Double.hashCode(standardDeviation);
        }
    }

    private final List<Component> components;
    private final float[] x;
    private final float[] epsilon;
    private final double[] posterior;

    /**
     * @param shape      shape of a row, one size or more, each 1 or more
     * @param components one or more, with means of that many values
     * @throws IllegalArgumentException naming the value that is otherwise
     */
    public GaussianMixtureDenoiser(int[] shape, List<Component> components) {
        super(shape);
        this.components = List.copyOf(components);
        Require.that(!components.isEmpty(), "number of components", 0, "1 or more");
        for (Component component : this.components) {
            Require.length(dim(), "a component's mean", component.mean.length);
        }
        x = new float[dim()];
        epsilon = new float[dim()];
        posterior = new double[components.size()];
    }

    @Override
    public Prediction prediction() {
        return Prediction.EPSILON;
    }

    @Override
    int labels() {
        return components.size();
    }

    /** The number of components, and a digest of the shape, and of their weights, means and deviations. */
    @Override
    public ModelIdentity identity() {
        MessageDigest digest = digest();
        for (Component component : components) {
            Sha256.add(digest, component.weight, component.standardDeviation);
            Sha256.add(digest, component.mean);
        }
        return ModelIdentity.of(Description.of("gaussian-mixture").with("components", components.size())
                .with(ModelIdentity.SHA256, Sha256.hex(digest)));
    }

    @Override
    void evaluateHeld(Batch batch) {
        for (int i = 0; i < batch.size(); i++) {
            batch.states().read(batch.stateRow(i), x);
            setPosterior(batch.level(i), batch.condition(i));
            setEpsilon(batch.level(i));
            batch.predictions().write(batch.predictionRow(i), epsilon);
        }
    }

    private void setPosterior(NoiseLevel level, Condition condition) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < posterior.length; k++) {
            boolean excluded = condition instanceof Condition.Label label && label.label() != k;
            posterior[k] = excluded ? Double.NEGATIVE_INFINITY : logDensity(components.get(k), level);
            largest = Math.max(largest, posterior[k]);
        }
        double sum = 0;
        for (int k = 0; k < posterior.length; k++) {
            posterior[k] = Math.exp(posterior[k] - largest);
            sum += posterior[k];
        }
        for (int k = 0; k < posterior.length; k++) {
            posterior[k] /= sum;
        }
    }

    private double logDensity(Component component, NoiseLevel level) {
        double squares = 0;
        for (int e = 0; e < x.length; e++) {
            double difference = x[e] - level.alpha() * component.mean[e];
            squares += difference * difference;
        }
        double variance = variance(component, level);
        return Math.log(component.weight) - 0.5 * (x.length * Math.log(variance) + squares / variance);
    }

    private void setEpsilon(NoiseLevel level) {
        for (int e = 0; e < x.length; e++) {
            double sum = 0;
            for (int k = 0; k < posterior.length; k++) {
                Component component = components.get(k);
                sum += posterior[k] * (x[e] - level.alpha() * component.mean[e]) / variance(component, level);
            }
            epsilon[e] = (float) (level.sigma() * sum);
        }
    }

    private static double variance(Component component, NoiseLevel level) {
        double scaled = level.alpha() * component.standardDeviation;
        return scaled * scaled + level.sigma() * level.sigma();
    }
}
