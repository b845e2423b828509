package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.util.Arrays;

/**
 * The noise a model was trained with: alpha-bar of every training step, step 0 the least noisy. Immutable.
 *
 * <p>Computed in double; diffusers works in float32, and its alpha-bars differ in the seventh digit.
 */
public final class NoiseSchedule implements NoisePath {
    /** The most training steps a schedule may have. */
    public static final int MOST_TRAINING_STEPS = 1_000_000;

    private static final double LARGEST_COSINE_BETA = 0.999;
    /** What diffusers lifts a last alpha-bar of 0 to, where it divides by it. */
    private static final double LEAST_ALPHA_BAR = 0x1p-24;
    /** The ends of the sigmoid that GeoDiff's betas run along. */
    private static final double SIGMOID_END = 6;

    private final double[] alphaBars;

    private NoiseSchedule(double[] alphaBars) {
        this.alphaBars = alphaBars;
    }

    /**
     * Betas in equal distances; the schedule of DDPM with 1000, 1e-4, 0.02.
     *
     * @param trainingSteps 1 to 1,000,000
     * @param betaStart     of step 0, in (0, 1)
     * @param betaEnd       of the last step, in (0, 1)
     * @throws IllegalArgumentException naming the value outside its range
     */
    public static NoiseSchedule linear(int trainingSteps, double betaStart, double betaEnd) {
        requireBetas(betaStart, betaEnd);
        return ofBetas(linspace(trainingSteps, betaStart, betaEnd));
    }

    /**
     * Betas whose square roots are in equal distances; the schedule of Stable Diffusion with 1000, 0.00085, 0.012.
     *
     * @param trainingSteps 1 to 1,000,000
     * @param betaStart     of step 0, in (0, 1)
     * @param betaEnd       of the last step, in (0, 1)
     * @throws IllegalArgumentException naming the value outside its range
     */
    public static NoiseSchedule scaledLinear(int trainingSteps, double betaStart, double betaEnd) {
        requireBetas(betaStart, betaEnd);
        double[] betas = linspace(trainingSteps, Math.sqrt(betaStart), Math.sqrt(betaEnd));
        Arrays.setAll(betas, i -> betas[i] * betas[i]);
        return ofBetas(betas);
    }

    /**
     * Alpha-bar along a squared cosine, betas at most 0.999 ({@code squaredcos_cap_v2}).
     *
     * <p>Source: Nichol and Dhariwal, "Improved Denoising Diffusion Probabilistic Models" (arXiv 2102.09672), eq. 17.
     *
     * @param trainingSteps 1 to 1,000,000
     * @throws IllegalArgumentException naming the value outside its range
     */
    public static NoiseSchedule squaredCosine(int trainingSteps) {
        double[] betas = new double[requireTrainingSteps(trainingSteps)];
        for (int i = 0; i < trainingSteps; i++) {
            double here = squaredCosineAt((double) i / trainingSteps);
            double next = squaredCosineAt((double) (i + 1) / trainingSteps);
            betas[i] = Math.min(1 - next / here, LARGEST_COSINE_BETA);
        }
        return ofBetas(betas);
    }

    private static double squaredCosineAt(double fraction) {
        double cosine = Math.cos((fraction + 0.008) / 1.008 * Math.PI / 2);
        return cosine * cosine;
    }

    /**
     * Betas along a sigmoid from -6 to 6 ({@code sigmoid}), as GeoDiff has them.
     *
     * @param trainingSteps 1 to 1,000,000
     * @param betaStart     that betas begin near to, in (0, 1)
     * @param betaEnd       that they end near to, in (0, 1)
     * @throws IllegalArgumentException naming the value outside its range
     */
    public static NoiseSchedule sigmoid(int trainingSteps, double betaStart, double betaEnd) {
        requireBetas(betaStart, betaEnd);
        double[] betas = linspace(trainingSteps, -SIGMOID_END, SIGMOID_END);
        Arrays.setAll(betas, i -> betaStart + (betaEnd - betaStart) / (1 + Math.exp(-betas[i])));
        return ofBetas(betas);
    }

    /**
     * Any betas; alpha-bar is the running product of 1 - beta.
     *
     * @param betas one per training step, 1 to 1,000,000 of them, each in (0, 1]
     * @throws IllegalArgumentException naming the value outside its range
     */
    public static NoiseSchedule ofBetas(double... betas) {
        double[] alphaBars = new double[requireTrainingSteps(betas.length)];
        double product = 1;
        for (int i = 0; i < betas.length; i++) {
            if (!(betas[i] > 0 && betas[i] <= 1)) {
                throw new IllegalValueException("betas[" + i + "]", betas[i], "above 0, at most 1");
            }
            product *= 1 - betas[i];
            alphaBars[i] = product;
        }
        return new NoiseSchedule(alphaBars);
    }

    private static void requireBetas(double betaStart, double betaEnd) {
        Require.that(betaStart > 0 && betaStart < 1, "betaStart", betaStart, "above 0 and below 1");
        Require.that(betaEnd > 0 && betaEnd < 1, "betaEnd", betaEnd, "above 0 and below 1");
    }

    private static int requireTrainingSteps(int trainingSteps) {
        return Require.between(1, MOST_TRAINING_STEPS, "training steps", trainingSteps);
    }

    private static double[] linspace(int count, double first, double last) {
        double[] values = new double[requireTrainingSteps(count)];
        double step = count == 1 ? 0 : (last - first) / (count - 1);
        Arrays.setAll(values, i -> first + i * step);
        return values;
    }

    /**
     * The same schedule, shifted and scaled so that its last step is noise alone: alpha-bar exactly 0. Needed for
     * models trained that way ({@code rescale_betas_zero_snr}).
     *
     * <p>Source: Lin et al., "Common Diffusion Noise Schedules and Sample Steps are Flawed" (arXiv 2305.08891),
     * algorithm 1.
     *
     * @throws IllegalArgumentException if the first and the last step are equally noisy, as with one training step
     */
    public NoiseSchedule zeroTerminalSnr() {
        double first = Math.sqrt(alphaBars[0]);
        double last = Math.sqrt(alphaBars[alphaBars.length - 1]);
        if (first <= last) {
            throw new IllegalValueException("training steps", alphaBars.length,
                    "2 or more, the last one noisier than the first, for zero terminal SNR");
        }
        double[] rescaled = new double[alphaBars.length];
        for (int i = 0; i < rescaled.length; i++) {
            double alpha = (Math.sqrt(alphaBars[i]) - last) * (first / (first - last));
            rescaled[i] = alpha * alpha;
        }
        return new NoiseSchedule(rescaled);
    }

    /** The same with the last alpha-bar lifted from 0, so that its ratio is finite: 2^-24, as diffusers does for some classes. */
    NoiseSchedule lifted() {
        double[] lifted = alphaBars.clone();
        lifted[lifted.length - 1] = LEAST_ALPHA_BAR;
        return new NoiseSchedule(lifted);
    }

    /** The same with the signal-to-noise ratio of every step divided by a factor: CogVideoX's {@code snr_shift_scale}. */
    NoiseSchedule withSnrDividedBy(double scale) {
        return new NoiseSchedule(Arrays.stream(alphaBars).map(bar -> bar / (scale + (1 - scale) * bar)).toArray());
    }

    /** One beta per training step, of which this is the schedule. */
    double[] betas() {
        double[] betas = new double[alphaBars.length];
        Arrays.setAll(betas, i -> 1 - alphaBars[i] / (i == 0 ? 1 : alphaBars[i - 1]));
        return betas;
    }

    /** The number T of training steps; times are 0 to T - 1. */
    public int trainingSteps() {
        return alphaBars.length;
    }

    /**
     * Alpha-bar of a training step: the share of the sample in the variance, from 0 to 1.
     *
     * @param time 0 to T - 1
     * @throws IllegalArgumentException if it is outside
     */
    public double alphaBar(int time) {
        return alphaBars[Require.between(0, alphaBars.length - 1, "time", time)];
    }

    /**
     * The noise level of a training step.
     *
     * @param time 0 to T - 1
     * @throws IllegalArgumentException if it is outside
     */
    public NoiseLevel level(int time) {
        return NoiseLevel.ofAlphaBar(time, alphaBar(time));
    }

    /**
     * The level with so much noise. Its time lies between training steps, linear in the log of sigma / alpha between two
     * of them, and is the first or last one beyond them.
     */
    @Override
    public NoiseLevel at(double ratio) {
        Require.positive("sigma / alpha", ratio);
        return NoiseLevel.ofAlphaBar(time(Math.log(ratio)), 1 / (1 + ratio * ratio));
    }

    private double time(double logRatio) {
        int low = 0;
        int high = alphaBars.length - 1;
        if (logRatio <= logRatio(low) || logRatio >= logRatio(high)) {
            return logRatio <= logRatio(low) ? low : high;
        }
        while (high - low > 1) {
            int middle = (low + high) / 2;
            if (logRatio(middle) <= logRatio) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double step = logRatio(high) - logRatio(low);
        return Double.isInfinite(step) ? low : low + (logRatio - logRatio(low)) / step;
    }

    private double logRatio(int time) {
        return 0.5 * Math.log((1 - alphaBars[time]) / alphaBars[time]);
    }

    /** Schedules with the same alpha-bars are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof NoiseSchedule schedule && Arrays.equals(alphaBars, schedule.alphaBars);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(alphaBars);
    }

    @Override
    public String toString() {
        return "NoiseSchedule[" + alphaBars.length + " training steps, alpha-bar " + alphaBars[0] + " to "
                + alphaBars[alphaBars.length - 1] + "]";
    }
}
