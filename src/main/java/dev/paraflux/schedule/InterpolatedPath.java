package dev.paraflux.schedule;

import dev.paraflux.check.Require;
import java.util.List;

/**
 * The line through the levels of a grid of which nothing else is known: the time is linear in the log of sigma / alpha
 * between neighbours, and beyond the ends as between the last two. Where neighbours both preserve variance, or lie on the
 * line of flow matching (alpha + sigma = 1), or share their alpha, so do the levels between them.
 */
record InterpolatedPath(List<NoiseLevel> levels) implements NoisePath {
    private static final double SAME = 1e-6;

    @Override
    public NoiseLevel at(double ratio) {
        Require.positive("sigma / alpha", ratio);
        int i = segment(ratio);
        NoiseLevel from = levels.get(i);
        NoiseLevel to = levels.get(i + 1);
        double share = share(Math.log(ratio), log(from), log(to));
        double time = from.time() + share * (to.time() - from.time());
        double alpha = alpha(ratio, from, to, share);
        return new NoiseLevel(time, alpha, alpha * ratio);
    }

    /** The first of two neighbours with the ratio between them, or the nearest ones; both have finite logs if any do. */
    private int segment(double ratio) {
        int i = 0;
        while (i + 2 < levels.size() && levels.get(i + 1).ratio() >= ratio) {
            i++;
        }
        if (levels.get(i + 1).sigma() == 0 && i > 0) {
            i--;
        }
        return levels.get(i).alpha() == 0 && i + 2 < levels.size() && levels.get(i + 2).sigma() > 0 ? i + 1 : i;
    }

    private static double share(double at, double from, double to) {
        return Double.isFinite(from) && Double.isFinite(to) && from != to ? (at - from) / (to - from) : 0;
    }

    private static double alpha(double ratio, NoiseLevel from, NoiseLevel to, double share) {
        if (from.preservesVariance() && to.preservesVariance()) {
            return 1 / Math.sqrt(1 + ratio * ratio);
        }
        if (isOne(from.alpha() + from.sigma()) && isOne(to.alpha() + to.sigma())) {
            return 1 / (1 + ratio);
        }
        return from.alpha() == 0 ? to.alpha() : from.alpha() * Math.pow(to.alpha() / from.alpha(), share);
    }

    private static boolean isOne(double value) {
        return Math.abs(value - 1) < SAME;
    }

    private static double log(NoiseLevel level) {
        return Math.log(level.ratio());
    }
}
