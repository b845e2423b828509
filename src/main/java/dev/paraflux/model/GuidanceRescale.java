package dev.paraflux.model;

import dev.paraflux.device.Buffer;

/**
 * The factor of a guided row that brings it back to the standard deviation of its conditional half (Lin et al., arXiv
 * 2305.08891, section 3.4). It depends on that row alone.
 */
final class GuidanceRescale {
    private final float[] conditional;
    private final float[] unconditional;

    GuidanceRescale(int dim) {
        conditional = new float[dim];
        unconditional = new float[dim];
    }

    /** phi std(m_cond) / std(m) + 1 - phi, or 1 where std(m) is 0. */
    double factor(double phi, double weight, Buffer predictions, int conditionalRow, int unconditionalRow) {
        predictions.read(conditionalRow, conditional);
        predictions.read(unconditionalRow, unconditional);
        double deviation = deviation(weight);
        return deviation == 0 ? 1 : phi * deviation(1) / deviation + 1 - phi;
    }

    /** Of weight m_cond + (1 - weight) m_uncond, times the square root of its length. */
    private double deviation(double weight) {
        double mean = 0;
        for (int e = 0; e < conditional.length; e++) {
            mean += guided(weight, e) / conditional.length;
        }
        double squares = 0;
        for (int e = 0; e < conditional.length; e++) {
            double distance = guided(weight, e) - mean;
            squares += distance * distance;
        }
        return Math.sqrt(squares);
    }

    private double guided(double weight, int e) {
        return weight * conditional[e] + (1 - weight) * unconditional[e];
    }
}
