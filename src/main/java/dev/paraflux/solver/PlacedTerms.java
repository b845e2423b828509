package dev.paraflux.solver;

import java.util.function.IntUnaryOperator;

/** Adds the terms of another system's row, whose rows are at other places. Noise is the row's own. */
record PlacedTerms(TriangularSystem.Builder rows, IntUnaryOperator place) implements TriangularSystem.Terms {
    @Override
    public void state(double factor, int j) {
        rows.state(place.applyAsInt(j), factor);
    }

    @Override
    public void prediction(double factor, int j) {
        rows.prediction(place.applyAsInt(j), factor);
    }

    @Override
    public void noise(double factor, int i) {
        rows.noise(factor);
    }
}
