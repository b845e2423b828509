package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;

/** Forward substitution in double, one value a row, with noise; the model is that of {@link MixtureTruth}. */
final class DoubleRun implements TriangularSystem.Terms {
    final double[] x;
    private final double[] m;
    private final double[] noise;
    private double sum;

    /** A model of one value a row, of any kind. */
    interface Model {
        /** What it outputs in a state at a level. */
        double output(double x, NoiseLevel at);
    }

    /** @param noise in the order in which it is drawn for rows */
    DoubleRun(TriangularSystem system, double start, double... noise) {
        this(system, (x, at) -> MixtureTruth.output(x, at, system.prediction()), start, noise);
    }

    /** The same with a model of its own. */
    DoubleRun(TriangularSystem system, Model model, double start, double... noise) {
        this.noise = new double[system.rows() + 1];
        x = new double[system.rows() + 1];
        m = new double[system.rows() + 1];
        x[0] = start;
        int taken = 0;
        for (int row = 1; row <= system.rows(); row++) {
            NoiseLevel before = system.level(row - 1);
            m[row - 1] = system.evaluated(row - 1)
                    ? model.output(x[row - 1], before)
                    : Double.NaN;
            this.noise[row] = system.drawn(row) ? noise[taken++] : 0;
            sum = 0;
            system.rightSide(row, this);
            x[row] = sum;
        }
    }

    /** The sample. */
    double last() {
        return x[x.length - 1];
    }

    @Override
    public void state(double factor, int j) {
        sum += factor * x[j];
    }

    @Override
    public void prediction(double factor, int j) {
        sum += factor * m[j];
    }

    @Override
    public void noise(double factor, int i) {
        sum += factor * noise[i];
    }

    /** The sample x0 that the model sees in a state. */
    static double x0(double x, NoiseLevel at) {
        return MixtureTruth.output(x, at, Prediction.SAMPLE);
    }
}
