package dev.paraflux.model;

import dev.paraflux.device.Buffer;
import dev.paraflux.schedule.NoiseLevel;
import java.util.Arrays;
import java.util.Objects;

/**
 * Rows to evaluate in one model call: states that lie side by side in one buffer, each with its own noise level and
 * condition, and the place, side by side as well, where their predictions go. Made once, refilled for ever.
 */
public final class Batch {
    private final NoiseLevel[] levels;
    private final Condition[] conditions;
    private Buffer states;
    private Buffer predictions;
    private int firstState;
    private int firstPrediction;
    private int size;

    /** @param capacity rows the batch can hold, 1 or more */
    public Batch(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a batch of " + capacity + " rows: must be 1 or more");
        }
        levels = new NoiseLevel[capacity];
        conditions = new Condition[capacity];
    }

    /** Rows the batch can hold. */
    public int capacity() {
        return levels.length;
    }

    /** Empties the batch and says where its rows begin. */
    public void begin(Buffer stateBuffer, int stateRow, Buffer predictionBuffer, int predictionRow) {
        Arrays.fill(levels, 0, size, null);
        Arrays.fill(conditions, 0, size, null);
        states = stateBuffer;
        firstState = stateRow;
        predictions = predictionBuffer;
        firstPrediction = predictionRow;
        size = 0;
    }

    /**
     * Adds the next row.
     *
     * @throws IllegalStateException if the batch is full, or its buffers end before this row
     */
    public void add(NoiseLevel level, Condition condition) {
        if (size == levels.length) {
            throw new IllegalStateException("the batch is full: it holds " + levels.length + " rows");
        }
        if (firstState + size >= states.rows() || firstPrediction + size >= predictions.rows()) {
            throw new IllegalStateException("row " + size + " of the batch lies outside its buffers");
        }
        levels[size] = Objects.requireNonNull(level, "level");
        conditions[size++] = Objects.requireNonNull(condition, "condition");
    }

    /** Number of rows. */
    public int size() {
        return size;
    }

    /** The buffer of the states; the batch's row i is its row {@code stateRow(i)}. Read only. */
    public Buffer states() {
        return states;
    }

    /** Where the state of the batch's row i lies in {@link #states()}. */
    public int stateRow(int i) {
        return firstState + Objects.checkIndex(i, size);
    }

    /** The buffer of the predictions; the batch's row i goes to its row {@code predictionRow(i)}. */
    public Buffer predictions() {
        return predictions;
    }

    /** Where the prediction of the batch's row i goes in {@link #predictions()}. */
    public int predictionRow(int i) {
        return firstPrediction + Objects.checkIndex(i, size);
    }

    /** The noise level of row i. */
    public NoiseLevel level(int i) {
        return levels[Objects.checkIndex(i, size)];
    }

    /** The condition of row i. */
    public Condition condition(int i) {
        return conditions[Objects.checkIndex(i, size)];
    }
}
