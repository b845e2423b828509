package dev.paraflux.model.pretrained;

import dev.paraflux.device.Queue;
import dev.paraflux.model.Batch;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.UnwantedException;
import java.util.Objects;
import java.util.stream.Stream;

/** What evaluates one part of a call, of any number of rows. One thread at a time uses it, whichever has time. */
final class Part implements AutoCloseable {
    private final LoadedModel model;
    private final ModelCard card;
    private final Batching batching;
    private final PaddedRows padded;
    /** By the numbers of their sizes. */
    private final Sized[] sized = new Sized[Sizes.COUNT];

    /** A call with its arguments. */
    private record Sized(Arguments arguments, ModelCall call) implements AutoCloseable {
        @Override
        public void close() {
            call.close();
            arguments.close();
        }
    }

    Part(LoadedModel model, ModelCard card) {
        this.model = model;
        this.card = card;
        batching = model.batching();
        padded = new PaddedRows(model.rowDevice(), card.dim());
    }

    /** Makes what so many rows need. */
    void reserve(int rows) {
        sized(rows);
    }

    private Sized sized(int rows) {
        int number = Sizes.number(Sizes.sizeFor(rows));
        if (sized[number] == null) {
            int size = Math.max(batching.least(), Math.min(batching.most(), Sizes.sizeFor(rows)));
            padded.reserve(size);
            Arguments arguments = new Arguments(card, size);
            try {
                sized[number] = new Sized(arguments, model.call(arguments));
            } catch (RuntimeException | Error e) {
                arguments.close();
                throw e;
            }
        }
        return sized[number];
    }

    /** Evaluates so many rows of no meaning, and says whether the model has changed them. */
    boolean evaluateIdle(int rows) {
        return evaluateIdle(rows, 0, 0);
    }

    /** The same at a label and a time. */
    boolean evaluateIdle(int rows, int label, double time) {
        Sized one = sized(rows);
        padded.setIdle(one.arguments.rows());
        one.arguments.setIdle(label, time);
        one.call.run(padded.statesAddress(), padded.predictionsAddress(), padded.followed(null),
                Batch.NEVER_UNWANTED);
        padded.await();
        return one.call.hasChangedInputs();
    }

    /** What would help where the model refuses so many rows. */
    String hint(int rows) {
        return sized(rows).call.hint();
    }

    /**
     * Evaluates the places of an order from one to another.
     *
     * @param copied whether the model is given copies of its inputs, because it changes them
     * @return whether it has changed them
     * @throws UnwantedException if nobody waits for them any more
     * @throws ModelException if it has changed rows that were not copies
     */
    boolean evaluate(Batch batch, RowOrder order, int from, int to, boolean copied, String name) {
        if (batch.unwanted().getAsBoolean()) {
            throw new UnwantedException();
        }
        Sized one = sized(to - from);
        Arguments arguments = one.arguments;
        if (copied) {
            arguments.forget();
        }
        for (int i = 0; i < arguments.rows(); i++) {
            int row = order.row(Math.min(from + i, to - 1));
            arguments.set(i, batch.level(row).time(), batch.condition(row));
        }
        boolean inPlace = to - from == arguments.rows() && !copied && order.isIdentity() && padded.isWith(batch);
        Queue queue = padded.followed(batch);
        if (inPlace) {
            one.call.run(batch.states().address(batch.stateRow(from)),
                    batch.predictions().address(batch.predictionRow(from)), queue, batch.unwanted());
        } else {
            padded.take(batch, order, from, to, arguments.rows());
            one.call.run(padded.statesAddress(), padded.predictionsAddress(), queue, batch.unwanted());
            padded.give(batch, order, from, to);
        }
        boolean changed = one.call.hasChangedInputs();
        if (changed) {
            arguments.forget();
        }
        if (inPlace && changed) {
            throw new ChangedInput(name + " changes its input in place, at some inputs only, so that it was not"
                    + " noticed before: the rows of this call are lost, later calls are given copies. Export it with"
                    + " x = x.clone() in the beginning of its forward");
        }
        return changed;
    }

    /** Rows that are their owner's were changed. */
    static final class ChangedInput extends RuntimeException {
        private static final long serialVersionUID = 1;

        ChangedInput(String message) {
            super(message);
        }
    }

    @Override
    public void close() {
        Stream.of(sized).filter(Objects::nonNull).forEach(Sized::close);
        padded.close();
    }
}
