package dev.paraflux.model;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Device;
import dev.paraflux.json.Description;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;

/**
 * A pretrained model: from noisy rows to what it predicts of them. The one thing a user supplies; check an own one with
 * {@link DenoiserChecks}, and all of it, misuse included, with tests that inherit {@code DenoiserContract}, of the artifact
 * {@code paraflux-contracts}.
 *
 * <p>A row is one sample of shape {@link #shape()}, flattened in C order. The rows of a batch stand at mixed noise
 * levels, each with its own condition, and are independent: a row's prediction depends on that row alone (up to
 * rounding). A denoiser must not keep the batch or its buffers after {@link #evaluate} returns, and must not write
 * anywhere but into the predictions. Calls come from one thread at a time, unless an implementation says otherwise.
 */
public interface Denoiser extends AutoCloseable {
    /** Shape of one row, for example [channels, height, width]; a copy. */
    int[] shape();

    /**
     * Values in a row: the product of {@link #shape()}.
     *
     * @throws IllegalArgumentException if there is no size, one is below 1, or there are more values than a row can have
     */
    default int dim() {
        return Shapes.dim("shape", shape());
    }

    /** What the predictions mean. */
    Prediction prediction();

    /**
     * How far a prediction can be from what the model would say in exact numbers, as a share of its root mean square: stop
     * rules ask for no less. By default 0, as of float32, which is nearer than anybody asks; a model that calculates with
     * fewer bits says by how much its {@link Precision} rounds.
     *
     * @param conditioning what is asked for, which is legal
     * @return 0 or more, finite; a run of a model that says otherwise fails with an IllegalArgumentException
     */
    default double rounding(Conditioning conditioning) {
        return 0;
    }

    /**
     * What tells this model from others, so that what was fitted to it is not taken for another: what is around it, from the
     * outermost inwards, and the model, with a digest of its weights. By default the name of the class alone: override this
     * in your own models, else two instances of one class cannot be told apart.
     *
     * @throws IllegalStateException if the weights were in a file that is not there any more as it was
     */
    default ModelIdentity identity() {
        return ModelIdentity.of(Description.of("class").with("name", getClass().getName()));
    }

    /**
     * Checks a condition before any work is done.
     *
     * @throws IllegalArgumentException if the model cannot take it; the message names the value and the legal range
     */
    void requireLegal(Condition condition);

    /**
     * Checks all that a sample asks for before any work is done. As it stands, a model takes a condition alone: what guides
     * is a {@link dev.paraflux.model.around.Guidance} around it, and what paints under a mask is an
     * {@link dev.paraflux.model.around.Inpainting} around that.
     *
     * @throws IllegalArgumentException if the model cannot take it; the message names the value and what to do
     */
    default void requireLegal(Conditioning conditioning) {
        if (conditioning.guidance() != null) {
            throw new IllegalValueException("guidance", conditioning.guidance(),
                    "none for a model that nothing guides: put Guidance.of(model) around it");
        }
        if (conditioning.mask() != null) {
            throw new IllegalValueException("mask", conditioning.mask(),
                    "none for a model that does not paint: put Inpainting.of(model) around it");
        }
        requireLegal(conditioning.condition());
    }

    /**
     * Checks a noise level before any work is done: that the model can be evaluated there.
     *
     * @throws IllegalArgumentException if it cannot; the message names the level and what is legal
     */
    default void requireLegal(NoiseLevel level) {}

    /**
     * Whether it answers for the steps of one grid, or of its end, and of one solver alone, as clipping that is a part of a
     * step does: a sampler's requests cannot have others then.
     */
    default boolean servesOneGrid() {
        return false;
    }

    /**
     * Whether it evaluates rows that lie on a device. Those of the host every denoiser takes; one that takes a device's reads
     * and writes them there, in the order of {@link Batch#queue}, and a sampler then has rows neither copied to the host nor
     * waited for. By default on the host alone.
     */
    default boolean worksOn(Device device) {
        return device.isHost();
    }

    /**
     * Whether {@link #evaluate}, where it returns, has written every value of every prediction, or has had others write it by
     * {@link Batch#evaluateBy}. By default nobody relies on that: predictions on a device are made not a number before each
     * call, so that what is left out shows, which is a piece of work more for the device.
     */
    default boolean writesAll() {
        return false;
    }

    /**
     * Model rows that one evaluation at a level costs, for {@code Stats}: 2 where guidance needs both of its halves.
     *
     * @return 0 or more; a run of a model that says otherwise fails with an IllegalArgumentException
     */
    default int rowsPerEvaluation(NoiseLevel level, Conditioning conditioning) {
        return 1;
    }

    /**
     * Allocates, and warms up, whatever batches of up to this size need, so that {@link #evaluate} need not.
     *
     * @param rows largest batch, 1 to {@value Batch#MAX_ROWS}
     * @throws IllegalArgumentException if it is outside
     * @throws IllegalStateException    if the denoiser is closed
     */
    default void prepare(int rows) {
        Batch.requireRows(rows, "rows");
    }

    /**
     * Writes the prediction of every row of the batch, between {@link Batch#acquire} and {@link Batch#release}. What is done
     * on {@link Batch#queue} may still be under way on return.
     *
     * @throws IllegalArgumentException if the rows of the batch are not as long as the model's, or not where it
     *                                  {@link #worksOn works}, or a row asks for what {@link #requireLegal(Conditioning)} does
     *                                  not let pass
     * @throws IllegalStateException    if the denoiser is closed ({@code NAME is closed}), or a buffer is, or the batch is
     *                                  empty
     * @throws ModelException           if the model fails
     * @throws OutOfMemoryError         if there is no memory for so many rows: a sampler tries again with half of them, and
     *                                  makes smaller batches from then on
     * @throws UnwantedException        if it has ended early, which it may where {@link Batch#unwanted} is true
     */
    void evaluate(Batch batch);

    /**
     * This very denoiser, which from now on closes all that it is around when it is closed, from the outside inwards. Otherwise
     * whatever takes a denoiser, an adapter around it or a sampler, leaves closing it to its owner: this is the one rule and
     * the one exception. A denoiser around another one that you write yourself says what this is for it; one that is around no
     * other is it already.
     */
    default Denoiser owning() {
        return this;
    }

    /**
     * Frees what the model holds, not what it is around ({@link #owning}); from then on {@link #evaluate} refuses. A second
     * call does nothing. As it stands, there is nothing to free, and the model goes on. A {@link dev.paraflux.device.Lifetime}
     * keeps count of both.
     */
    @Override
    default void close() {}
}
