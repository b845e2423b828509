package dev.paraflux.model;

import dev.paraflux.device.Lifetime;
import dev.paraflux.json.Description;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.security.MessageDigest;
import java.util.List;

/**
 * The exact noise prediction for data drawn from a mixture of isotropic Gaussians: no network, no training error. For
 * examples, and for tests that need the truth; with one component every linear solver has a closed form.
 *
 * <p>At noise level (alpha, sigma) component k has mean {@code alpha mu_k} and variance
 * {@code v_k = alpha^2 std_k^2 + sigma^2}, so {@code eps(x) = -sigma grad log p(x) = sigma sum_k r_k (x - alpha mu_k) / v_k}
 * with r_k the posterior weight of component k. A label k stands for component k alone. Computed in double.
 */
public final class GaussianMixtureDenoiser implements Denoiser {
    /**
     * One Gaussian.
     *
     * @param weight            share of the mixture, above 0; the shares are normalised
     * @param mean              one value per element of a row
     * @param standardDeviation of every element, above 0
     */
    public record Component(double weight, double[] mean, double standardDeviation) {
        public Component {
            if (!(weight > 0 && Double.isFinite(weight))) {
                throw new IllegalArgumentException("component weight " + weight + ": must be above 0 and finite");
            }
            if (!(standardDeviation > 0 && Double.isFinite(standardDeviation))) {
                throw new IllegalArgumentException(
                        "component standard deviation " + standardDeviation + ": must be above 0 and finite");
            }
            mean = mean.clone();
        }
    }

    private final int[] shape;
    private final List<Component> components;
    private final float[] x;
    private final float[] epsilon;
    private final double[] posterior;
    private final Lifetime lifetime = new Lifetime("GaussianMixtureDenoiser");

    /**
     * @param shape      shape of a row
     * @param components one or more, with means of that many values
     */
    public GaussianMixtureDenoiser(int[] shape, List<Component> components) {
        this.shape = shape.clone();
        this.components = List.copyOf(components);
        if (components.isEmpty()) {
            throw new IllegalArgumentException("a mixture of 0 components: must be 1 or more");
        }
        for (Component component : components) {
            if (component.mean.length != dim()) {
                throw new IllegalArgumentException(
                        "a mean of " + component.mean.length + " values: a row has " + dim());
            }
        }
        x = new float[dim()];
        epsilon = new float[dim()];
        posterior = new double[components.size()];
    }

    @Override
    public int[] shape() {
        return shape.clone();
    }

    @Override
    public Prediction prediction() {
        return Prediction.EPSILON;
    }

    /** The number of components, and a digest of the shape, and of their weights, means and deviations. */
    @Override
    public ModelIdentity identity() {
        MessageDigest digest = Sha256.begin();
        for (int size : shape) {
            Sha256.add(digest, size);
        }
        for (Component component : components) {
            Sha256.add(digest, component.weight, component.standardDeviation);
            Sha256.add(digest, component.mean);
        }
        return ModelIdentity.of(Description.of("gaussian-mixture").with("components", components.size())
                .with(ModelIdentity.SHA256, Sha256.hex(digest)));
    }

    @Override
    public void requireLegal(Condition condition) {
        if (condition instanceof Condition.None) {
            return;
        }
        if (!(condition instanceof Condition.Label label)) {
            throw new IllegalArgumentException(condition + ": this mixture takes no condition, or a label");
        }
        if (label.label() < 0 || label.label() >= components.size()) {
            throw new IllegalArgumentException(
                    "label " + label.label() + ": legal labels are 0 to " + (components.size() - 1));
        }
    }

    @Override
    public synchronized void evaluate(Batch batch) {
        lifetime.acquire();
        try {
            for (int i = 0; i < batch.size(); i++) {
                batch.states().read(batch.stateRow(i), x);
                setPosterior(batch.level(i), batch.condition(i));
                setEpsilon(batch.level(i));
                batch.predictions().write(batch.predictionRow(i), epsilon);
            }
        } finally {
            lifetime.release();
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

    @Override
    public void close() {
        lifetime.close();
    }
}
