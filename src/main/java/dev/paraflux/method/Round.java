package dev.paraflux.method;

import dev.paraflux.device.Buffer;
import java.util.Arrays;
import java.util.Objects;

/** The rows that all samples want evaluated in one round, in the order they were named. Grows to the largest round. */
public final class Round {
    private Buffer[] states = new Buffer[16];
    private Buffer[] predictions = new Buffer[16];
    private int[] stateRows = new int[16];
    private int[] predictionRows = new int[16];
    private int[] systemRows = new int[16];
    private int[] samples = new int[16];
    private int size;
    private int sample;

    /** Empties the round. */
    public void clear() {
        truncate(0);
    }

    /** Takes back the rows from this one on. */
    public void truncate(int rows) {
        Objects.checkFromToIndex(rows, size, size);
        Arrays.fill(states, rows, size, null);
        Arrays.fill(predictions, rows, size, null);
        size = rows;
    }

    /** Says which sample the rows named from now on belong to. */
    public void begin(int ofSample) {
        sample = ofSample;
    }

    /**
     * Names a row to evaluate.
     *
     * @param row             its index in the system, which tells its noise level
     * @param state           buffer of its state
     * @param stateRow        row of that buffer
     * @param prediction      buffer that receives the prediction
     * @param predictionRow   row of that buffer
     * @throws IndexOutOfBoundsException if a buffer has no such row; nothing is named then
     */
    public void evaluate(int row, Buffer state, int stateRow, Buffer prediction, int predictionRow) {
        Objects.checkIndex(stateRow, state.rows());
        Objects.checkIndex(predictionRow, prediction.rows());
        if (size == samples.length) {
            grow();
        }
        systemRows[size] = row;
        states[size] = state;
        stateRows[size] = stateRow;
        predictions[size] = prediction;
        predictionRows[size] = predictionRow;
        samples[size++] = sample;
    }

    /** Number of rows named. */
    public int size() {
        return size;
    }

    /** The sample that entry i belongs to. */
    public int sample(int i) {
        return samples[Objects.checkIndex(i, size)];
    }

    /** The row in the system of entry i. */
    public int row(int i) {
        return systemRows[Objects.checkIndex(i, size)];
    }

    /** The buffer of entry i's state. */
    public Buffer states(int i) {
        return states[Objects.checkIndex(i, size)];
    }

    /** The row of entry i in {@link #states(int)}. */
    public int stateRow(int i) {
        return stateRows[Objects.checkIndex(i, size)];
    }

    /** The buffer of entry i's prediction. */
    public Buffer predictions(int i) {
        return predictions[Objects.checkIndex(i, size)];
    }

    /** The row of entry i in {@link #predictions(int)}. */
    public int predictionRow(int i) {
        return predictionRows[Objects.checkIndex(i, size)];
    }

    private void grow() {
        int capacity = Math.multiplyExact(2, size);
        // Last the one whose length is the capacity: if there is no memory for it, this is tried again.
        states = Arrays.copyOf(states, capacity);
        predictions = Arrays.copyOf(predictions, capacity);
        stateRows = Arrays.copyOf(stateRows, capacity);
        predictionRows = Arrays.copyOf(predictionRows, capacity);
        systemRows = Arrays.copyOf(systemRows, capacity);
        samples = Arrays.copyOf(samples, capacity);
    }
}
