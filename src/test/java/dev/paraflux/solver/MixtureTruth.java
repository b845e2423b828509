package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * How a solver's global error falls with the number of steps, on the exact score of a mixture of two Gaussians on the
 * line: all in double, so that nothing but the solver's own error is seen. The truth is the probability flow, by
 * Runge-Kutta's fourth-order method in lambda = log(alpha / sigma) with very many steps.
 */
final class MixtureTruth {
    static final double FIRST_LAMBDA = -2.5;
    static final double LAST_LAMBDA = 2;
    private static final double[] STARTS = {-1.7, -0.9, -0.2, 0.4, 1.1, 1.9};
    private static final int FINE_STEPS = 20_000;

    private MixtureTruth() {}

    /** Variance-preserving levels, uniform in lambda, ending with noise left, where every order is seen. */
    static TimeGrid uniform(int steps) {
        List<NoiseLevel> levels = new ArrayList<>();
        for (int i = 0; i <= steps; i++) {
            levels.add(level(FIRST_LAMBDA + (LAST_LAMBDA - FIRST_LAMBDA) * i / steps));
        }
        return new TimeGrid(levels);
    }

    private static NoiseLevel level(double lambda) {
        double alphaBar = 1 / (1 + Math.exp(-2 * lambda));
        return new NoiseLevel(100 - 10 * lambda, Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar));
    }

    /** E[eps | x] where half of the data is N(-1, 0.3^2) and half N(0.8, 0.5^2). */
    static double epsilon(double x, NoiseLevel at) {
        double first = at.alpha() * at.alpha() * 0.09 + at.sigma() * at.sigma();
        double second = at.alpha() * at.alpha() * 0.25 + at.sigma() * at.sigma();
        double a = x + at.alpha();
        double b = x - 0.8 * at.alpha();
        double odds = Math.sqrt(first / second) * Math.exp(0.5 * (a * a / first - b * b / second));
        double share = 1 / (1 + odds);
        return at.sigma() * (share * a / first + (1 - share) * b / second);
    }

    /** What a model of this kind would output. */
    static double output(double x, NoiseLevel at, Prediction prediction) {
        double epsilon = epsilon(x, at);
        double x0 = (x - at.sigma() * epsilon) / at.alpha();
        return prediction.outputOfX0(at) * x0 + prediction.outputOfEpsilon(at) * epsilon;
    }

    /** Forward substitution in a system without noise. */
    static double solve(TriangularSystem system, double start) {
        double[] x = new double[system.rows() + 1];
        double[] m = new double[system.rows() + 1];
        x[0] = start;
        for (int row = 1; row <= system.rows(); row++) {
            m[row - 1] = system.evaluated(row - 1) ? output(x[row - 1], system.level(row - 1), system.prediction()) : 0;
            double[] sum = new double[1];
            system.rightSide(row, new TriangularSystem.Terms() {
                @Override
                public void state(double factor, int j) {
                    sum[0] += factor * x[j];
                }

                @Override
                public void prediction(double factor, int j) {
                    sum[0] += factor * m[j];
                }

                @Override
                public void noise(double factor, int i) {
                    throw new IllegalArgumentException("a stochastic solver follows no flow");
                }
            });
            x[row] = sum[0];
        }
        return x[system.rows()];
    }

    /** The flow's own end, dy / dr = eps with y = x / alpha and r = sigma / alpha. */
    static double truth(double start, NoiseLevel from, double toLambda) {
        double fromLambda = Math.log(from.alpha() / from.sigma());
        double h = (toLambda - fromLambda) / FINE_STEPS;
        double y = start / from.alpha();
        for (int i = 0; i < FINE_STEPS; i++) {
            double lambda = fromLambda + i * h;
            double k1 = slope(y, lambda);
            double k2 = slope(y + 0.5 * h * k1, lambda + 0.5 * h);
            double k3 = slope(y + 0.5 * h * k2, lambda + 0.5 * h);
            double k4 = slope(y + h * k3, lambda + h);
            y += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
        }
        return y * level(toLambda).alpha();
    }

    private static double slope(double y, double lambda) {
        NoiseLevel at = level(lambda);
        return -Math.exp(-lambda) * epsilon(y * at.alpha(), at);
    }

    /** Root mean square error of a solver over some start values, on a grid of its own for each number of steps. */
    static double error(Solver solver, Prediction prediction, IntFunction<TimeGrid> grids, int steps) {
        TimeGrid grid = grids.apply(steps);
        TriangularSystem system = solver.system(grid, prediction);
        NoiseLevel last = grid.level(steps);
        double squares = 0;
        for (double start : STARTS) {
            double difference = solve(system, start)
                    - truth(start, grid.level(0), Math.log(last.alpha() / last.sigma()));
            squares += difference * difference;
        }
        return Math.sqrt(squares / STARTS.length);
    }

    /** Order of convergence: the slope of log error against log steps, between two numbers of steps. */
    static double order(Solver solver, Prediction prediction, int fewer, int more) {
        return Math.log(error(solver, prediction, MixtureTruth::uniform, fewer)
                / error(solver, prediction, MixtureTruth::uniform, more)) / Math.log((double) more / fewer);
    }
}
