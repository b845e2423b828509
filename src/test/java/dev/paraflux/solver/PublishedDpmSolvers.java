package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;

/**
 * One step each, as the papers and diffusers' DPMSolverMultistepScheduler write it, in lambdas. s0 is the level stepped
 * from, s1 and s2 the ones before it; m0, m1 and m2 the x0 (in DPM-Solver, eps) predicted there.
 */
final class PublishedDpmSolvers {
    private PublishedDpmSolvers() {}

    static double lambda(NoiseLevel level) {
        return Math.log(level.alpha()) - Math.log(level.sigma());
    }

    static double firstOrder(double x, double m0, NoiseLevel t, NoiseLevel s0) {
        double h = lambda(t) - lambda(s0);
        return t.sigma() / s0.sigma() * x - t.alpha() * (Math.exp(-h) - 1) * m0;
    }

    static double secondOrder(double x, double m0, double m1, NoiseLevel t, NoiseLevel s0, NoiseLevel s1) {
        double h = lambda(t) - lambda(s0);
        double r0 = (lambda(s0) - lambda(s1)) / h;
        double d1 = 1 / r0 * (m0 - m1);
        return t.sigma() / s0.sigma() * x - t.alpha() * (Math.exp(-h) - 1) * m0
                - 0.5 * (t.alpha() * (Math.exp(-h) - 1)) * d1;
    }

    static double thirdOrder(double x, double m0, double m1, double m2, NoiseLevel t, NoiseLevel s0, NoiseLevel s1,
            NoiseLevel s2) {
        double h = lambda(t) - lambda(s0);
        double r0 = (lambda(s0) - lambda(s1)) / h;
        double r1 = (lambda(s1) - lambda(s2)) / h;
        double d10 = 1 / r0 * (m0 - m1);
        double d11 = 1 / r1 * (m1 - m2);
        double d1 = d10 + r0 / (r0 + r1) * (d10 - d11);
        double d2 = 1 / (r0 + r1) * (d10 - d11);
        return t.sigma() / s0.sigma() * x - t.alpha() * (Math.exp(-h) - 1) * m0
                + t.alpha() * ((Math.exp(-h) - 1) / h + 1) * d1
                - t.alpha() * ((Math.exp(-h) - 1 + h) / (h * h) - 0.5) * d2;
    }

    static double sdeFirstOrder(double x, double m0, double noise, NoiseLevel t, NoiseLevel s0) {
        double h = lambda(t) - lambda(s0);
        return t.sigma() / s0.sigma() * Math.exp(-h) * x + t.alpha() * (1 - Math.exp(-2 * h)) * m0
                + t.sigma() * Math.sqrt(1 - Math.exp(-2 * h)) * noise;
    }

    static double sdeSecondOrder(double x, double m0, double m1, double noise, NoiseLevel t, NoiseLevel s0,
            NoiseLevel s1) {
        double h = lambda(t) - lambda(s0);
        double r0 = (lambda(s0) - lambda(s1)) / h;
        double d1 = 1 / r0 * (m0 - m1);
        return t.sigma() / s0.sigma() * Math.exp(-h) * x + t.alpha() * (1 - Math.exp(-2 * h)) * m0
                + 0.5 * (t.alpha() * (1 - Math.exp(-2 * h))) * d1
                + t.sigma() * Math.sqrt(1 - Math.exp(-2 * h)) * noise;
    }

    /** arXiv 2206.00927, equation 3.7 over any part of a step: DDIM in terms of eps. */
    static double firstOrderOfEpsilon(double x, double epsilon, NoiseLevel t, NoiseLevel s) {
        double h = lambda(t) - lambda(s);
        return t.alpha() / s.alpha() * x - t.sigma() * (Math.exp(h) - 1) * epsilon;
    }
}
