package dev.paraflux.solver;

import dev.paraflux.TestGrids;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoisePath;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.function.IntFunction;

/** Grids of every scaling that a solver meets, with uneven steps, and some on which an order is seen. */
final class SolverGrids {
    private SolverGrids() {}

    /** The schedule of DDPM; variance exploding; flow matching; ending with noise or without. */
    static List<TimeGrid> uneven(int steps) {
        return List.of(TestGrids.linear(steps), TestGrids.angles(steps, 1.4), exploding(steps), flow(steps, 0.98, 0.05),
                flow(steps, 0.98, 0), smooth(steps));
    }

    /** EDM's rho-7 levels from 20 to 0.01, then 0 (arXiv 2206.00364, equation 5). */
    static TimeGrid exploding(int steps) {
        return grid(steps, share -> {
            double sigma = share == 1 ? 0 : Math.pow(Math.pow(20, 1 / 7.0)
                    + share * steps / Math.max(1, steps - 1) * (Math.pow(0.01, 1 / 7.0) - Math.pow(20, 1 / 7.0)), 7);
            return new NoiseLevel(10 * sigma, 1, sigma);
        });
    }

    /** Flow matching, tau = sigma from a first value to a last one, a little uneven. */
    static TimeGrid flow(int steps, double first, double last) {
        return grid(steps, share -> {
            double bent = share + 0.3 * share * (1 - share);
            double tau = share == 1 ? last : first + bent * (last - first);
            return new NoiseLevel(1000 * tau, 1 - tau, tau);
        });
    }

    /** Steps uniform in lambda, on levels that preserve the variance. */
    static IntFunction<TimeGrid> lambdas(double first, double last) {
        return steps -> grid(steps, share -> level(first + (last - first) * share));
    }

    /** Steps that shrink towards both ends, where solvers step at a lower order. */
    static TimeGrid smooth(int steps) {
        return grid(steps, share -> level(MixtureTruth.FIRST_LAMBDA
                + (MixtureTruth.LAST_LAMBDA - MixtureTruth.FIRST_LAMBDA) * share * share * (3 - 2 * share)));
    }

    /** Steps uniform in r = sigma / alpha, the variance exploding. */
    static TimeGrid ratios(int steps) {
        return grid(steps, share -> new NoiseLevel(10 * (12 - 11.8 * share), 1, 12 - 11.8 * share));
    }

    private static NoiseLevel level(double lambda) {
        double alphaBar = 1 / (1 + Math.exp(-2 * lambda));
        return new NoiseLevel(100 - 10 * lambda, Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar));
    }

    /** Levels at 0, 1 / steps, ..., 1. */
    static TimeGrid grid(int steps, DoubleFunction<NoiseLevel> level) {
        List<NoiseLevel> levels = new ArrayList<>();
        for (int i = 0; i <= steps; i++) {
            levels.add(level.apply((double) i / steps));
        }
        return new TimeGrid(levels);
    }

    /** Grids of one scaling. */
    interface Family {
        /** @param toZero whether the last level is without noise */
        TimeGrid grid(int steps, boolean toZero);
    }

    /** A variance-preserving schedule, exploding variance, flow matching. */
    static Map<String, Family> families() {
        NoiseSchedule schedule = NoiseSchedule.linear(1000, 1e-4, 0.02);
        Map<String, Family> families = new TreeMap<>();
        families.put("schedule", (steps, toZero) -> {
            List<NoiseLevel> levels = new ArrayList<>();
            for (int i = 0; i < steps; i++) {
                levels.add(schedule.level(900 - 900 * i / steps));
            }
            levels.add(toZero ? NoiseLevel.ofAlphaBar(0, 1) : schedule.level(0));
            return new TimeGrid(levels, schedule);
        });
        families.put("edm", (steps, toZero) -> {
            double[] ratios = new double[steps + 1];
            for (int i = 0; i <= steps; i++) {
                double share = (double) i / steps;
                // Karras' spacing, where it ends without noise.
                ratios[i] = toZero ? 20 * Math.pow(1 - share, 7) : 20 * Math.pow(0.002, share);
            }
            return TimeGrid.of(NoisePath.edm(), ratios);
        });
        families.put("flow", (steps, toZero) -> {
            double[] ratios = new double[steps + 1];
            for (int i = 0; i <= steps; i++) {
                double tau = 0.96 * (steps - i) / steps + (toZero ? 0 : 0.02);
                ratios[i] = tau / (1 - tau);
            }
            return TimeGrid.of(NoisePath.flow(1000), ratios);
        });
        return families;
    }

    /** With one more row, its log(sigma / alpha) higher by a distance than that of a row, which comes after it. */
    static TimeGrid withNear(TimeGrid grid, int row, double distance) {
        List<NoiseLevel> levels = new ArrayList<>(grid.levels());
        NoiseLevel level = levels.get(row);
        NoiseLevel near = distance == 0 ? level : grid.path().at(level.ratio() * (1 + distance));
        levels.add(row, near);
        return new TimeGrid(levels, grid.path());
    }
}
