package dev.paraflux.solver;

import java.util.Map;
import java.util.TreeMap;

/** The right side of one row, by kind of term and row; for tests that look at coefficients. */
public final class RecordedRow implements TriangularSystem.Terms {
    public final Map<Integer, Double> states = new TreeMap<>();
    public final Map<Integer, Double> predictions = new TreeMap<>();
    final StringBuilder order = new StringBuilder();
    public double noise;

    public RecordedRow(TriangularSystem system, int row) {
        system.rightSide(row, this);
    }

    /** The factor of x_j, 0 if there is none. */
    double ofState(int j) {
        return states.getOrDefault(j, 0.0);
    }

    /** The factor of m_j, 0 if there is none. */
    double ofPrediction(int j) {
        return predictions.getOrDefault(j, 0.0);
    }

    @Override
    public void state(double factor, int j) {
        states.merge(j, factor, Double::sum);
        order.append(" x").append(j);
    }

    @Override
    public void prediction(double factor, int j) {
        predictions.merge(j, factor, Double::sum);
        order.append(" m").append(j);
    }

    @Override
    public void noise(double factor, int i) {
        noise += factor;
        order.append(" z").append(i);
    }
}
