package dev.paraflux.schedule;

import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/**
 * The continuous line of noise levels that a grid takes its rows from, for solvers that ask for levels between rows:
 * single-step solvers put a stage in the middle of a step, stochastic ones step back to more noise. A
 * {@link NoiseSchedule} is the line of a variance-preserving model.
 */
@FunctionalInterface
public interface NoisePath {
    /**
     * The level with so much noise.
     *
     * @param ratio sigma / alpha, above 0 and finite
     */
    NoiseLevel at(double ratio);

    /**
     * States of growing variance: alpha = 1, x = x0 + sigma eps.
     *
     * @param time the time that the model is given at a sigma above 0; finite
     */
    static NoisePath varianceExploding(DoubleUnaryOperator time) {
        return new VarianceExplodingPath(Objects.requireNonNull(time, "time"));
    }

    /** {@link #varianceExploding} with the time of EDM, log(sigma) / 4 (arXiv 2206.00364, table 1). */
    static NoisePath edm() {
        return VarianceExplodingPath.EDM;
    }

    /**
     * Flow matching: x = (1 - tau) x0 + tau eps (Lipman et al., arXiv 2210.02747), the model being given timeScale tau.
     *
     * @param timeScale above 0, finite: {@value FlowPath#DIFFUSERS_TIME_SCALE} for the models of diffusers, 1 for others
     * @throws IllegalArgumentException if it is outside
     */
    static NoisePath flow(double timeScale) {
        return new FlowPath(timeScale);
    }
}
