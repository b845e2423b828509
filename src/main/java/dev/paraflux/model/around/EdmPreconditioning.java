package dev.paraflux.model.around;

import dev.paraflux.check.Require;
import dev.paraflux.json.Description;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoisePath;
import dev.paraflux.schedule.Prediction;

/**
 * The denoiser of EDM around its raw network F: {@code D(x; sigma) = c_skip x + c_out F(c_in x; c_noise)}, a prediction
 * of the sample. Thread-safe: calls run one after another.
 *
 * <p>With s the standard deviation of the data, c_skip = s^2 / (sigma^2 + s^2), c_out = sigma s / sqrt(sigma^2 + s^2),
 * c_in = 1 / sqrt(sigma^2 + s^2), c_noise = log(sigma) / 4. Where alpha is not 1, as on a variance-preserving grid, x /
 * alpha and sigma / alpha stand for x and sigma. A grid of its own: {@link dev.paraflux.schedule.TimeGrid#edm}.
 *
 * <p>Source: Karras et al., "Elucidating the Design Space of Diffusion-Based Generative Models" (arXiv 2206.00364),
 * equation 7 and table 1.
 */
public final class EdmPreconditioning extends RescalingDenoiser {
    private final double sigmaData;
    private final double sign;

    /**
     * @param network   F: its output is taken as it is, whatever it calls it, and its time is c_noise
     * @param sigmaData standard deviation of the data, above 0, finite; 0.5 for EDM's pictures in [-1, 1]
     * @throws IllegalArgumentException if it is outside
     */
    public EdmPreconditioning(Denoiser network, double sigmaData) {
        this(network, sigmaData, 1);
    }

    private EdmPreconditioning(Denoiser network, double sigmaData, double sign) {
        super(network);
        this.sigmaData = Require.positive("sigmaData", sigmaData);
        this.sign = sign;
    }

    /** The same around a network whose output has the sign of a velocity, -c_out: diffusers' EDM with v_prediction. */
    public static EdmPreconditioning ofVelocity(Denoiser network, double sigmaData) {
        return new EdmPreconditioning(network, sigmaData, -1);
    }

    /** The sample, whatever the network says. */
    @Override
    public Prediction prediction() {
        return Prediction.SAMPLE;
    }

    /** The level that the network is given is alpha = 1 with the same ratio, at time c_noise. */
    @Override
    Maps maps(NoiseLevel level) {
        double ratio = level.ratio();
        // c_in / alpha and c_skip / alpha with alpha brought under the root: no large numbers where alpha is small.
        double root = Math.hypot(level.sigma(), level.alpha() * sigmaData);
        double skip = level.alpha() * sigmaData / root * (sigmaData / root);
        return new Maps(NoisePath.edm().at(ratio), 1 / root, skip, sign * level.sigma() * sigmaData / root);
    }

    @Override
    Description description() {
        Description plain = Description.of("edm-preconditioning").with("sigmaData", sigmaData);
        return sign < 0 ? plain.with("sign", sign) : plain;
    }
}
