package dev.paraflux.iia;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Resources;
import dev.paraflux.method.Problem;

/**
 * All states and predictions of one batch of seeds. They outlive the run that computed them, so that a later one, of a
 * system with the same first rows, can go on from there.
 */
final class KeptRows implements AutoCloseable {
    private final int rows;
    private Resources resources = new Resources();
    private Problem problem;
    private Buffer states;
    private Buffer predictions;

    /** @param rows the most that a system has, row 0 included */
    KeptRows(int rows) {
        this.rows = rows;
    }

    /** Makes room for the samples of a problem; what was there for as many of them stays. */
    void serve(Problem newProblem) {
        if (states == null || problem.samples() != newProblem.samples()) {
            close();
            resources = new Resources();
            long count = (long) rows * newProblem.samples();
            Buffer newStates = resources.allocate(newProblem.device(), count, newProblem.dim());
            predictions = resources.allocate(newProblem.device(), count, newProblem.dim());
            states = newStates;
        }
        problem = newProblem;
    }

    /** Where the state of a row lies; row 0 is given. */
    Buffer states(int row) {
        return row == 0 ? problem.start() : states;
    }

    /** The samples of a row lie side by side, so that the model works in place. */
    int stateRow(int row, int sample) {
        return row == 0 ? sample : predictionRow(row, sample);
    }

    Buffer predictions() {
        return predictions;
    }

    int predictionRow(int row, int sample) {
        return row * problem.samples() + sample;
    }

    /** Bytes of its rows. */
    long bytes() {
        return states.bytes() + predictions.bytes();
    }

    @Override
    public void close() {
        resources.close();
        states = null;
    }
}
