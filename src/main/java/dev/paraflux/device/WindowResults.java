package dev.paraflux.device;

import dev.paraflux.device.WindowTable.Outcome;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Objects;

/** What the rows of windows have measured, what they may use, and what became of them; of the rows there were then. */
final class WindowResults {
    private static final int HISTORY = WindowTable.MAX_HISTORY;
    private static final int NOT_WEIGHED = -1;

    final Receipt receipt = new Receipt();
    private double[] squares = new double[0];
    private double[] dots = new double[0];
    private int[] iterates = new int[0];
    private int[] plain = new int[0];
    private double[] weights = new double[0];
    private int[] outcomes = new int[0];
    private int measured;
    private int dim;

    /** Makes room for so many rows. If there is no memory for it nothing has changed but room. */
    void reserve(int capacity) {
        squares = Arrays.copyOf(squares, capacity);
        dots = Arrays.copyOf(dots, capacity * HISTORY);
        iterates = Arrays.copyOf(iterates, capacity);
        plain = Arrays.copyOf(plain, capacity);
        weights = Arrays.copyOf(weights, capacity * HISTORY);
        outcomes = Arrays.copyOf(outcomes, capacity);
    }

    /** What was computed holds no longer. */
    void forget() {
        measured = 0;
        receipt.forget();
    }

    /** Of a row begun anew nothing is said yet. */
    void begin(int row) {
        iterates[row] = 0;
        outcomes[row] = NOT_WEIGHED;
    }

    void use(int row, int count, boolean takesPlain) {
        iterates[row] = count;
        plain[row] = takesPlain ? 1 : 0;
    }

    /** Takes what was measured from a place on; the place after it. */
    int receive(DoubleBuffer from, int at) {
        from.get(at, squares, 0, measured);
        from.get(at + measured, dots, 0, measured * HISTORY);
        return at + measured * WindowStage.MEASURES;
    }

    /** Expects what is measured; weights that were formed before hold no longer. */
    void expect(int rows, int ofDim, Queue queue, long run) {
        Arrays.fill(outcomes, 0, rows, NOT_WEIGHED);
        measured = rows;
        dim = ofDim;
        receipt.give(queue, run);
    }

    double meanSquare(int row) {
        requireMeasured();
        return squares[Objects.checkIndex(row, measured)] / dim;
    }

    double meanSquareUnrolled(int row) {
        return dot(row, 0) / dim;
    }

    /** Inner product of a row's residual with the one it had so many rounds ago. */
    double dot(int row, int age) {
        requireMeasured();
        return dots[Objects.checkIndex(row, measured) * HISTORY + age];
    }

    private void requireMeasured() {
        receipt.require("residual", "Queue.measure");
    }

    /** Refuses to be weighed before all rows were measured. */
    void requireMeasured(int rows) {
        requireMeasured();
        if (rows > measured) {
            throw new IllegalStateException("row " + measured + " of the table was not measured: call Queue.measure");
        }
    }

    boolean anyUse(int first, int end) {
        for (int i = first; i < end; i++) {
            if (iterates[i] > 0) {
                return true;
            }
        }
        return false;
    }

    void requireUse(int first, int end, int history) {
        for (int i = first; i < end; i++) {
            int most = i == first ? history : iterates[i - 1];
            if (iterates[i] < 1 || iterates[i] > most) {
                throw new IllegalStateException("row " + i + " of the table uses " + iterates[i]
                        + " iterates: must be 1 to " + most + ", as many as the row before it at most");
            }
        }
    }

    /** Says that rows were not weighed. */
    void leaveOut(int first, int end) {
        Arrays.fill(outcomes, first, end, NOT_WEIGHED);
    }

    void stage(DoubleBuffer toDots, IntBuffer toIterates, IntBuffer toPlain, int rows) {
        toDots.put(0, dots, 0, rows * HISTORY);
        toIterates.put(0, iterates, 0, rows);
        toPlain.put(0, plain, 0, rows);
    }

    void takeWeights(WindowStage stage, int rows) {
        stage.weighed(weights, outcomes, rows);
    }

    double weight(int row, int age) {
        Objects.checkIndex(age, HISTORY);
        requireWeighed(row);
        return weights[row * HISTORY + age];
    }

    Outcome outcome(int row) {
        requireWeighed(row);
        return Outcome.BY_CODE[outcomes[row]];
    }

    private void requireWeighed(int row) {
        requireMeasured();
        if (outcomes[Objects.checkIndex(row, measured)] == NOT_WEIGHED) {
            throw new IllegalStateException("row " + row + " of the table was not weighed: call Queue.weigh");
        }
    }
}
