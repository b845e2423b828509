package dev.paraflux.method.window;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.solver.TriangularSystem;

/**
 * By what a solver's step carries a small change of the parent row to a row, where the data is normally distributed. The
 * model then predicts x0 = alpha s^2 / v x, with v = alpha^2 s^2 + sigma^2 the variance of x, so that its output is linear in
 * x; and rows that lie between follow as sqrt(v) does, as in the exact flow.
 */
final class GaussianCarry implements TriangularSystem.Terms {
    private final TriangularSystem system;
    private final double variance;
    private double deviationOfParent;
    private double sum;

    /** @param deviation s of the data, above 0 */
    GaussianCarry(TriangularSystem system, double deviation) {
        this.system = system;
        variance = deviation * deviation;
    }

    /** To row i, 1 to {@code rows}. */
    double of(int i) {
        deviationOfParent = deviation(system.parent(i));
        sum = 0;
        system.rightSide(i, this);
        return sum;
    }

    private double deviation(int i) {
        NoiseLevel level = system.level(i);
        return Math.sqrt(level.alpha() * level.alpha() * variance + level.sigma() * level.sigma());
    }

    @Override
    public void state(double factor, int j) {
        sum += factor * deviation(j) / deviationOfParent;
    }

    @Override
    public void prediction(double factor, int j) {
        NoiseLevel level = system.level(j);
        Prediction prediction = system.prediction();
        double x0 = level.alpha() * variance / (deviation(j) * deviation(j));
        double epsilon = level.sigma() / (deviation(j) * deviation(j));
        double output = prediction.outputOfX0(level) * x0 + prediction.outputOfEpsilon(level) * epsilon;
        sum += factor * output * deviation(j) / deviationOfParent;
    }

    @Override
    public void noise(double factor, int i) {}
}
