package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;

/**
 * The weights of DEIS of order 3 as diffusers has them, in floats: its terms are a hundred times their sum, so that the
 * digits it loses are a part of its sample (1e-4 where steps are few).
 */
final class DeisFloats {
    private DeisFloats() {}

    /** The integrals of Lagrange's polynomials in log r over dr from r of the newest node to r of the end, over that r. */
    static double[] weights(NoiseLevel end, NoiseLevel newest, NoiseLevel second, NoiseLevel third) {
        float t = ratio(end);
        float a = ratio(newest);
        float b = ratio(second);
        float c = ratio(third);
        return new double[] {difference(t, a, a, b, c) / newest.ratio(), difference(t, a, b, c, a) / newest.ratio(),
                difference(t, a, c, a, b) / newest.ratio()};
    }

    private static float difference(float to, float from, float node, float other, float another) {
        return integral(to, node, other, another) - integral(from, node, other, another);
    }

    private static float integral(float t, float b, float c, float d) {
        float logT = log(t);
        float logC = log(c);
        float logD = log(d);
        float sum = logC * (logD - logT + 1) - logD * logT + logD + logT * logT - 2 * logT + 2;
        return t * sum / ((log(b) - logC) * (log(b) - logD));
    }

    private static float ratio(NoiseLevel level) {
        float sigma = (float) level.ratio();
        float alpha = 1 / (float) Math.sqrt(sigma * sigma + 1);
        return sigma * alpha / alpha;
    }

    private static float log(float value) {
        return (float) Math.log(value);
    }
}
