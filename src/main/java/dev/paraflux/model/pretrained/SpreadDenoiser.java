package dev.paraflux.model.pretrained;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.model.around.ForwardingDenoiser;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Several copies of one model, on several devices for example, that share the rows of a call: each takes neighbours, as many as
 * its share says, and is given work by a thread of its own. Where each copy works on a device, rows of a device go from there
 * to the others and back in the order of queues that wait for one another, and the host waits for none of them: a sampler adds
 * and judges where it has its rows, best where a copy works. Else rows are the host's, from where each copy brings them to
 * where it works. Which copy a row goes to follows from the number of rows and the shares alone, so that its bits do not depend
 * on who had time. Thread-safe: calls run one after another.
 */
public final class SpreadDenoiser extends ForwardingDenoiser {
    private final List<ModelCopy> copies;
    /** Of all rows, what the copies before each have together; 1 behind the last. */
    private final double[] before;
    private final CopyRows[] parts;
    private final CopyRows[] used;
    private final Lifetime lifetime = new Lifetime("SpreadDenoiser");
    private final Crew crew;
    private final Crew.Task task = this::evaluatePart;

    private SpreadDenoiser(List<ModelCopy> copies, double[] before) {
        super(copies.get(0).model());
        this.copies = copies;
        this.before = before;
        parts = copies.stream().map(copy -> new CopyRows(copy, lifetime)).toArray(CopyRows[]::new);
        used = new CopyRows[parts.length];
        crew = new Crew(parts.length);
    }

    /**
     * Has copies share calls, by their shares ({@link ModelCopy#measured} has good ones).
     *
     * @param copies of one model, one or more, none of them twice: calls of them run at the same time. Several may be on one
     *               device, each on a queue of its own
     * @throws IllegalArgumentException if they are not copies of one model
     * @throws IllegalStateException    if a copy cannot tell which model it is
     */
    public static SpreadDenoiser of(List<ModelCopy> copies) {
        List<ModelCopy> all = List.copyOf(copies);
        Require.that(!all.isEmpty(), "number of copies", 0, "1 or more");
        List<Denoiser> models = all.stream().map(ModelCopy::model).toList();
        Denoiser first = models.get(0);
        for (int k = 0; k < models.size(); k++) {
            Denoiser model = models.get(k);
            Require.that(models.indexOf(model) == k, "copies[" + k + "]", model, "another one than those before it");
            if (!model.identity().equals(first.identity()) || model.prediction() != first.prediction()
                    || !Arrays.equals(model.shape(), first.shape())) {
                throw new IllegalValueException("copies[" + k + "]", model.identity(),
                        first.identity() + ", as the first: they share calls of one model");
            }
        }
        return new SpreadDenoiser(all, before(all));
    }

    private static double[] before(List<ModelCopy> copies) {
        double sum = copies.stream().mapToDouble(ModelCopy::share).sum();
        double[] before = new double[copies.size() + 1];
        double taken = 0;
        for (int k = 1; k < copies.size(); k++) {
            taken += copies.get(k - 1).share();
            before[k] = taken / sum;
        }
        before[copies.size()] = 1;
        return before;
    }

    /** Of each copy: they are one model. */
    @Override
    public ModelIdentity identity() {
        return model.identity();
    }

    /** On the host, and, where every copy works on a device, on each device that all of them are on or reach. */
    @Override
    public boolean worksOn(Device device) {
        return device.isHost() || copies.stream().map(ModelCopy::device)
                .allMatch(there -> !there.isHost() && (there == device || there.reaches(device)));
    }

    /** Where the rows of a copy begin, of so many; rows that the shares do not divide go to the copies in front. */
    private int start(int copy, int rows) {
        return (int) Math.min(rows, Math.ceil(rows * before[copy] - 1e-9));
    }

    @Override
    public synchronized void prepare(int rows) {
        Batch.requireRows(rows, "rows");
        lifetime.acquire();
        try {
            for (int k = 0; k < parts.length; k++) {
                double share = before[k + 1] - before[k];
                int most = Math.max(1, Math.min(rows, (int) Math.ceil(rows * share) + 1));
                parts[k].reserve(most);
                copies.get(k).model().prepare(most);
            }
        } finally {
            lifetime.release();
        }
    }

    /** Every row is a copy's. */
    @Override
    public boolean writesAll() {
        return true;
    }

    @Override
    public synchronized void evaluate(Batch batch) {
        lifetime.acquire();
        try {
            batch.acquire(this);
            try {
                for (int i = 0; i < batch.size(); i++) {
                    requireLegal(batch.conditioning(i));
                }
                evaluateHeld(batch);
            } finally {
                batch.release();
            }
        } finally {
            lifetime.release();
        }
    }

    /** Whatever fails, no copy is at the rows any more when what the call's queue is given next has its turn. */
    private void evaluateHeld(Batch batch) {
        Throwable failure = null;
        try {
            int count = begin(batch);
            crew.run(task, count, count);
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        for (CopyRows part : parts) {
            try {
                part.end();
            } catch (RuntimeException | Error e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    /** Gives each copy its rows; the number of those that have some. */
    private int begin(Batch batch) {
        int count = 0;
        boolean taken = false;
        for (int k = 0; k < parts.length; k++) {
            int from = start(k, batch.size());
            int to = start(k + 1, batch.size());
            if (from < to) {
                boolean inRow = !taken && parts[k].worksAt(batch.states().device());
                taken |= inRow;
                parts[k].begin(batch, from, to, inRow);
                used[count++] = parts[k];
            }
        }
        return count;
    }

    private void evaluatePart(int part) {
        used[part].evaluate();
    }

    private void forEachModel(Consumer<Denoiser> action) {
        copies.stream().map(ModelCopy::model).forEach(action);
    }

    @Override
    public Denoiser owning() {
        forEachModel(Denoiser::owning);
        return super.owning();
    }

    /**
     * Ends its threads, and closes the copies where it is {@link #owning}. A second call does nothing.
     *
     * @throws IllegalStateException if a call is under way on another thread, or of a copy that it owns
     */
    @Override
    public void close() {
        if (isOwning() ? lifetime.closeWith(() -> forEachModel(Denoiser::close)) : lifetime.close()) {
            crew.close();
            for (CopyRows part : parts) {
                part.close();
            }
        }
    }

    @Override
    public String toString() {
        return copies.size() + " copies of " + model;
    }
}
