package dev.paraflux.device;

import dev.paraflux.device.WindowTable.Outcome;
import java.util.Objects;

/** What a window has measured, what its rows may use, and what became of them; for the rows that there were then. */
final class WindowResults {
    private static final int HISTORY = WindowTable.MAX_HISTORY;

    private final double[] squares;
    private final double[] dots;
    private final int[] iterates;
    private final int[] plain;
    private final double[] weights;
    private final int[] outcomes;
    private int measured;
    private int measuredHistory;
    private int weighted;

    WindowResults(int capacity) {
        squares = new double[capacity];
        dots = new double[capacity * HISTORY];
        iterates = new int[capacity];
        plain = new int[capacity];
        weights = new double[capacity * HISTORY];
        outcomes = new int[capacity];
    }

    /** What was computed holds no longer. */
    void forget() {
        measured = 0;
        weighted = 0;
    }

    /** Of a row begun anew nothing is said yet. */
    void begin(int row) {
        iterates[row] = 0;
    }

    void use(int row, int count, boolean takesPlain) {
        iterates[row] = count;
        plain[row] = takesPlain ? 1 : 0;
    }

    /** Takes what was measured, with so many inner products a row; weights that were formed before hold no longer. */
    void takeMeasures(WindowStage stage, int rows, int history) {
        stage.squares.java().get(0, squares, 0, rows);
        stage.dotList.java().get(0, dots, 0, rows * HISTORY);
        measured = rows;
        measuredHistory = history;
        weighted = 0;
    }

    double square(int i) {
        return squares[Objects.checkIndex(i, measured)];
    }

    double unrolledSquare(int i) {
        return dots[Objects.checkIndex(i, measured) * HISTORY];
    }

    /** Native code does not look: beyond these it would read what no round has written. */
    void requireUse(int rows, int history) {
        if (rows > measured || rows > 0 && history > measuredHistory) {
            throw new IllegalStateException("the window was not measured with a history of " + history
                    + ": call residuals first");
        }
        for (int i = 0; i < rows; i++) {
            int most = i == 0 ? history : iterates[i - 1];
            if (iterates[i] < 1 || iterates[i] > most) {
                throw new IllegalStateException("row " + i + " of the window uses " + iterates[i]
                        + " iterates: must be 1 to " + most + ", as many as the row before it at most");
            }
        }
    }

    void stage(WindowStage stage, int rows) {
        stage.iterates.java().put(0, iterates, 0, rows);
        stage.plain.java().put(0, plain, 0, rows);
    }

    void takeWeights(WindowStage stage, int rows) {
        stage.weights.java().get(0, weights, 0, rows * HISTORY);
        stage.outcomes.java().get(0, outcomes, 0, rows);
        weighted = rows;
    }

    double weight(int i, int age) {
        return weights[Objects.checkIndex(i, weighted) * HISTORY + Objects.checkIndex(age, HISTORY)];
    }

    Outcome outcome(int i) {
        return Outcome.BY_CODE[outcomes[Objects.checkIndex(i, weighted)]];
    }
}
