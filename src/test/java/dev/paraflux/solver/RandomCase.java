package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random levels, a random start and noise, and a model without any sense, which none of its outputs follows from another:
 * what the tables are held against recurrences on, which are written as the samplers of diffusers write them.
 */
final class RandomCase {
    final TimeGrid grid;
    final double start;
    final double[] noise;
    private final double phase;

    private RandomCase(TimeGrid grid, RandomCase other) {
        this.grid = grid;
        start = other.start;
        noise = other.noise;
        phase = other.phase;
    }

    /** The same start, noise and model on another grid of as many steps. */
    RandomCase on(TimeGrid other) {
        return new RandomCase(other, this);
    }

    private RandomCase(TimeGrid grid, Random random) {
        this.grid = grid;
        start = random.nextGaussian();
        noise = random.doubles(4L * grid.steps(), -1.5, 1.5).toArray();
        phase = random.nextDouble();
    }

    /** Variance-preserving levels at random lambdas. */
    static RandomCase preserving(int seed, int steps, boolean toZero) {
        return of(seed, steps, toZero, 0);
    }

    /** Levels with alpha = 1, as EDM has them. */
    static RandomCase exploding(int seed, int steps, boolean toZero) {
        return of(seed, steps, toZero, 1);
    }

    /** Levels of flow matching. */
    static RandomCase flow(int seed, int steps, boolean toZero) {
        return of(seed, steps, toZero, 2);
    }

    private static RandomCase of(int seed, int steps, boolean toZero, int scaling) {
        Random random = new Random(1000L * seed + steps);
        List<NoiseLevel> levels = new ArrayList<>();
        double lambda = -1.2 - random.nextDouble();
        for (int i = 0; i <= steps; i++) {
            double ratio = i == steps && toZero ? 0 : Math.exp(-lambda);
            double alpha = scaling == 0 ? 1 / Math.sqrt(1 + ratio * ratio) : scaling == 1 ? 1 : 1 / (1 + ratio);
            levels.add(new NoiseLevel(990.0 * (steps - i) / steps, alpha, alpha * ratio));
            lambda += (0.3 + random.nextDouble()) * 3.5 / steps;
        }
        return new RandomCase(new TimeGrid(levels), random);
    }

    /** Random training steps of a schedule; the last level is step 0's, or without noise. */
    static RandomCase trained(int seed, int steps, boolean toZero) {
        Random random = new Random(1000L * seed + steps);
        NoiseSchedule schedule = NoiseSchedule.scaledLinear(1000, 0.00085, 0.012);
        int stride = 1000 / (steps + 1) - random.nextInt(8);
        List<NoiseLevel> levels = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            levels.add(schedule.level(1 + stride * (steps - 1 - i)));
        }
        levels.add(toZero ? NoiseLevel.ofAlphaBar(0, 1) : schedule.level(0));
        return new RandomCase(new TimeGrid(levels, schedule), random);
    }

    NoiseSchedule schedule() {
        return (NoiseSchedule) grid.path();
    }

    /** What the model says. */
    double output(double x, double time) {
        return Math.sin(0.8 * x + 0.004 * time + phase);
    }

    /** The x0 that an output means. */
    double x0(Prediction prediction, double x, NoiseLevel at) {
        double m = output(x, at.time());
        return switch (prediction) {
            case EPSILON -> (x - at.sigma() * m) / at.alpha();
            case SAMPLE -> m;
            case VELOCITY -> (at.alpha() * x - at.sigma() * m) / (at.alpha() * at.alpha() + at.sigma() * at.sigma());
            case FLOW -> (x - at.sigma() * m) / (at.alpha() + at.sigma());
        };
    }

    double epsilon(Prediction prediction, double x, NoiseLevel at) {
        return prediction == Prediction.EPSILON ? output(x, at.time())
                : (x - at.alpha() * x0(prediction, x, at)) / at.sigma();
    }

    /** The sample that a table gives; noise is that of the row's place among all of them, as given noise is. */
    double sample(Solver solver, Prediction prediction) {
        TriangularSystem system = solver.system(grid, prediction);
        double[] taken = new double[system.noiseRows()];
        for (int row = 1; row <= system.rows(); row++) {
            if (system.drawn(row)) {
                taken[system.noiseIndex(row)] = noise[row - 1];
            }
        }
        return new DoubleRun(system, (x, at) -> output(x, at.time()), start, taken).last();
    }
}
