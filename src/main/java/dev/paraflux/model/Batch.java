package dev.paraflux.model;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.schedule.NoiseLevel;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Rows to evaluate in one model call: states that lie side by side in one buffer, each with its own noise level and
 * conditioning, and the place, side by side as well, where their predictions go. For one thread at a time; allocate once
 * and reuse.
 *
 * <p>A denoiser brackets its work with {@link #acquire} and {@link #release}: in between, the rows cannot be freed and the
 * batch cannot be changed.
 *
 * <p>Rows of the host are there, and predictions are when {@link Denoiser#evaluate} returns. Rows of another device come with
 * the {@link #queue} that they are computed on: what it is given next finds the states, and predictions are to be there for
 * what it is given after the call, so that nobody waits. What is not for that queue waits for it.
 */
public final class Batch {
    /** Most rows of one model call: what a sampler's largest batch takes under guidance, twice over. */
    public static final int MAX_ROWS = 1 << 18;

    /** What {@link #unwanted} is where nobody has said otherwise. */
    public static final BooleanSupplier NEVER_UNWANTED = () -> false;

    private final NoiseLevel[] levels;
    private final Conditioning[] conditionings;
    private final UnwrittenRows unwritten;
    private Queue queue;
    private Buffer states;
    private Buffer predictions;
    private int firstState;
    private int firstPrediction;
    private int size;
    private int holds;
    private BooleanSupplier unwanted = NEVER_UNWANTED;

    /** @param capacity rows the batch can hold, 1 to {@value #MAX_ROWS} */
    public Batch(int capacity) {
        requireRows(capacity, "capacity");
        levels = new NoiseLevel[capacity];
        conditionings = new Conditioning[capacity];
        unwritten = new UnwrittenRows(capacity);
    }

    /** Rows the batch can hold. */
    public int capacity() {
        return levels.length;
    }

    /**
     * Checks a number of rows that one model call is to take.
     *
     * @throws IllegalArgumentException if it is not 1 to {@value #MAX_ROWS}
     */
    public static void requireRows(int rows, String name) {
        Require.between(1, MAX_ROWS, name, rows);
    }

    /**
     * Empties the batch and says where its rows begin: rows of the host, which are there.
     *
     * @throws IndexOutOfBoundsException if one of the buffers has no such row
     * @throws IllegalStateException     if the batch is being evaluated
     */
    public void begin(Buffer stateBuffer, int stateRow, Buffer predictionBuffer, int predictionRow) {
        begin(null, stateBuffer, stateRow, predictionBuffer, predictionRow);
    }

    /**
     * Empties the batch and says where its rows begin, and what computes them.
     *
     * @param rowQueue computes the states, and goes on with the predictions; for nobody else during the call. Null for rows
     *                 of the host, which are there
     * @throws IndexOutOfBoundsException if one of the buffers has no such row
     * @throws IllegalStateException     if the batch is being evaluated
     */
    public void begin(Queue rowQueue, Buffer stateBuffer, int stateRow, Buffer predictionBuffer, int predictionRow) {
        requireNotHeld();
        Objects.checkIndex(stateRow, stateBuffer.rows());
        Objects.checkIndex(predictionRow, predictionBuffer.rows());
        Arrays.fill(levels, 0, size, null);
        Arrays.fill(conditionings, 0, size, null);
        queue = rowQueue;
        states = stateBuffer;
        firstState = stateRow;
        predictions = predictionBuffer;
        firstPrediction = predictionRow;
        size = 0;
        unwanted = NEVER_UNWANTED;
    }

    /**
     * Says when nobody waits for the predictions any more, until the batch is begun again. A denoiser that makes a batch for
     * the one that it is around says it of its own: {@code inner.unwantedWhen(batch.unwanted())}.
     *
     * @param condition may be asked at any time while the batch is evaluated, on any thread, and stays true once it is
     * @throws IllegalStateException if the batch is being evaluated
     */
    public void unwantedWhen(BooleanSupplier condition) {
        requireNotHeld();
        unwanted = Objects.requireNonNull(condition, "condition");
    }

    /**
     * Adds the next row.
     *
     * @throws IllegalStateException if the batch was not begun, is full or being evaluated, or its buffers end before this
     *                               row
     */
    public void add(NoiseLevel level, Conditioning conditioning) {
        requireNotHeld();
        if (states == null) {
            throw new IllegalStateException("the batch has no buffers: begin it first");
        }
        if (size == levels.length) {
            throw new IllegalStateException("the batch is full: it holds " + levels.length + " rows");
        }
        if (firstState + size >= states.rows() || firstPrediction + size >= predictions.rows()) {
            throw new IllegalStateException("row " + size + " of the batch lies outside its buffers");
        }
        Objects.requireNonNull(level, "level");
        conditionings[size] = Objects.requireNonNull(conditioning, "conditioning");
        levels[size++] = level;
    }

    /** Adds the next row with a condition alone, of which it makes a {@link Conditioning}. */
    public void add(NoiseLevel level, Condition condition) {
        add(level, Conditioning.of(condition));
    }

    private void requireNotHeld() {
        if (holds > 0) {
            throw new IllegalStateException("the batch is being evaluated: change it afterwards");
        }
    }

    /**
     * For a denoiser, before it touches a row: checks that the rows are such as it takes, and keeps their buffers open and
     * the batch as it is until {@link #release}. Denoisers around one another each do so.
     *
     * @param model whose rows they are to be: of {@link Denoiser#dim} values, where it {@linkplain Denoiser#worksOn works}
     * @throws IllegalArgumentException if the rows have another number of values, are not on one device or on none where the
     *                                  model works, or not on the queue's
     * @throws IllegalStateException    if the batch is empty, a buffer is closed, or predictions would overwrite states
     */
    public void acquire(Denoiser model) {
        acquire(model, model.dim());
    }

    private void acquire(Denoiser model, int dim) {
        if (size == 0) {
            throw new IllegalStateException("the batch is empty: a model call takes 1 row or more");
        }
        requireDim(dim, "values in a row of the states", states);
        requireDim(dim, "values in a row of the predictions", predictions);
        requireReached(model);
        if (states == predictions && Math.abs(firstState - firstPrediction) < size) {
            throw new IllegalStateException(
                    "the predictions of the batch lie on its states: they need rows of their own");
        }
        states.acquire();
        try {
            predictions.acquire();
        } catch (IllegalStateException e) {
            states.release();
            throw e;
        }
        holds++;
    }

    /**
     * Has a model evaluate the batch, which is held meanwhile. A prediction that the model leaves unwritten is not finite
     * afterwards, instead of what was there before, but for a model on a device that {@link Denoiser#writesAll}; where it
     * refuses, rows of the host are as they were. What the model acquires and does not release, since it throws for
     * example, is released after it: else neither the batch nor its buffers could be used or closed any more.
     *
     * @throws IllegalArgumentException if the rows are not where the model works
     * @throws IllegalStateException    if the batch is empty, a buffer is closed, or predictions would overwrite states
     */
    public void evaluateBy(Denoiser model) {
        int before = holds;
        // How long the rows are to be the model itself sees to.
        acquire(model, states == null ? 0 : states.dim());
        boolean evaluated = false;
        try {
            if (predictions.device().isHost() || !model.writesAll()) {
                unwritten.mark(predictions, firstPrediction, size, queue);
            }
            model.evaluate(this);
            evaluated = true;
        } finally {
            if (!evaluated) {
                unwritten.restore(predictions, firstPrediction, size);
            }
            while (holds > before) {
                release();
            }
        }
    }

    /** Ends what {@link #acquire} began. */
    public void release() {
        if (holds == 0) {
            throw new IllegalStateException("the batch is released more often than it was acquired");
        }
        holds--;
        predictions.release();
        states.release();
    }

    private static void requireDim(int dim, String name, Buffer buffer) {
        if (buffer.dim() != dim) {
            throw new IllegalValueException(name, buffer.dim(), dim + ", as the model's rows have");
        }
    }

    private void requireReached(Denoiser model) {
        Device where = states.device();
        if (predictions.device() != where) {
            throw new IllegalValueException("device of the predictions", predictions.device(),
                    where + ", that of the states");
        }
        if (!model.worksOn(where)) {
            throw new IllegalValueException("device of the rows", where,
                    "one where " + model + " works: copy rows to Device.staging first, which is the host's");
        }
        if (queue == null && !where.isHost()) {
            throw IllegalValueException.missing("queue", "one of " + where + ", where the rows are");
        }
        if (queue != null && queue.device() != where) {
            throw new IllegalValueException("device of the queue", queue.device(), where + ", where the rows are");
        }
    }

    /** Number of rows. */
    public int size() {
        return size;
    }

    /** What the rows are computed on, and goes on with the predictions; null for rows of the host that are there. */
    public Queue queue() {
        return queue;
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

    /**
     * Whether nobody waits for the predictions any more, since all that asked for them were cancelled or their time is over.
     * A denoiser whose evaluation takes long may look at it meanwhile, on any thread, and end with an
     * {@link UnwantedException}.
     */
    public BooleanSupplier unwanted() {
        return unwanted;
    }

    /** The noise level of row i. */
    public NoiseLevel level(int i) {
        return levels[Objects.checkIndex(i, size)];
    }

    /** All that row i asks for. */
    public Conditioning conditioning(int i) {
        return conditionings[Objects.checkIndex(i, size)];
    }

    /** The condition of row i: what a model sees that nothing guides any more, and nothing masks. */
    public Condition condition(int i) {
        return conditioning(i).condition();
    }
}
