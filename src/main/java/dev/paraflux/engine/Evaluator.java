package dev.paraflux.engine;

import dev.paraflux.check.Require;
import dev.paraflux.device.Lifetime;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.method.Round;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.UnwantedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Has the model evaluate the rows of a round, in batches of a largest size, whose rows lie where {@link BatchRows} has them.
 * Before every model call stopped runs are left out; one that is under way may end early, where all that asked for it are
 * stopped. Where there is no memory for a batch, or the model has none for it, smaller ones are made from then on.
 *
 * <p>Where the model fails on rows of several calls, it is asked for those of each call by themselves, so that a call fails
 * by its own rows alone. Nor does it fail since the thread was interrupted that happens to lead: that is its own call's.
 */
final class Evaluator implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.paraflux");

    private final Denoiser denoiser;
    private final BatchRows places;
    private final Batch batch;
    /** Whose rows are in the batch; read by other threads while it is evaluated. */
    private final List<Call> asking = new ArrayList<>();
    private final BooleanSupplier unwanted = this::isUnwanted;
    private final Meter meter;
    private int[] picked = new int[16];
    private int maxBatch;
    private Call leader;
    private long modelNanos;

    /** @param rows what is to be computed before the next model call, and where the scattering goes */
    Evaluator(Denoiser denoiser, Queue queue, RowProgram rows, int maxBatch, Meter meter, Lifetime owner) {
        this.meter = meter;
        this.denoiser = denoiser;
        this.maxBatch = maxBatch;
        batch = new Batch(maxBatch);
        places = new BatchRows(denoiser, queue, rows, owner);
    }

    /**
     * Evaluates what the runs, entry i being of run {@code round.sample(i)}, have named; some runs may have an ending after it.
     *
     * @param own the call of this thread, or null
     * @return nanoseconds in the model
     */
    long evaluate(Round round, List<Run> runs, Call own) {
        leader = own;
        modelNanos = 0;
        int next = 0;
        while (next < round.size()) {
            takeInterrupt();
            endStopped(runs);
            int count = 0;
            while (next < round.size() && count < maxBatch) {
                if (runs.get(round.sample(next)).ending == null) {
                    pick(count++, next);
                }
                next++;
            }
            if (count > 0) {
                evaluate(round, runs, picked, count, false);
            }
        }
        return modelNanos;
    }

    /** The model must not meet an interrupt of the thread that leads, who leads for others too. */
    private boolean takeInterrupt() {
        boolean interrupted = Thread.currentThread().isInterrupted();
        if (leader != null) {
            leader.takeInterrupt();
        }
        return Thread.interrupted() || interrupted;
    }

    private void pick(int place, int entry) {
        if (place == picked.length) {
            picked = Arrays.copyOf(picked, 2 * place);
        }
        picked[place] = entry;
    }

    private static void endStopped(List<Run> runs) {
        Call asked = null;
        boolean stopped = false;
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            if (run.call != asked) {
                asked = run.call;
                stopped = asked.stopped();
            }
            if (stopped && run.ending == null) {
                run.ending = Ending.STOPPED;
                run.uncountRound();
            }
        }
    }

    /** @param again whether the model was asked for this before, and was interrupted */
    private void evaluate(Round round, List<Run> runs, int[] entries, int count, boolean again) {
        if (count > maxBatch) {
            split(round, runs, entries, count, again);
            return;
        }
        try {
            begin(round, runs, entries, count);
        } catch (Throwable e) {
            failOrSplit(round, runs, entries, count, again, e);
            return;
        }
        places.bringStates();
        Throwable failure = call();
        if (failure instanceof UnwantedException && isUnwanted()) {
            endStopped(runs);
            return;
        }
        if (failure != null) {
            failOrSplit(round, runs, entries, count, again, failure);
            return;
        }
        count(round, runs, entries, count);
        places.takePredictions(round, entries);
    }

    /** What the model fails with, or null. */
    private Throwable call() {
        meter.beginCall();
        Throwable failure = null;
        try {
            batch.evaluateBy(denoiser);
        } catch (Throwable e) {
            failure = e;
        }
        modelNanos += meter.endCall(batch.size(), failure != null);
        return failure;
    }

    private void begin(Round round, List<Run> runs, int[] entries, int count) {
        places.begin(batch, round, entries, count, maxBatch);
        batch.unwantedWhen(unwanted);
        asking.clear();
        for (int i = 0; i < count; i++) {
            Run run = runs.get(round.sample(entries[i]));
            if (asking.isEmpty() || asking.get(asking.size() - 1) != run.call) {
                asking.add(run.call);
            }
            batch.add(run.plan().system().level(round.row(entries[i])), run.asked());
        }
    }

    private boolean isUnwanted() {
        for (int i = 0; i < asking.size(); i++) {
            if (!asking.get(i).stopped()) {
                return false;
            }
        }
        return true;
    }

    /** Where there is no memory for so many rows, neither for the batch nor for the model, it is tried with fewer. */
    private void failOrSplit(Round round, List<Run> runs, int[] entries, int count, boolean again, Throwable failure) {
        if (failure instanceof OutOfMemoryError && count > 1) {
            maxBatch = (count + 1) / 2;
            LOG.log(System.Logger.Level.WARNING,
                    "There is no memory for a model call of {0} evaluations: calls have {1} at most from now on, and there are"
                            + " more of them. A smaller maxBatch, or fewer samples at once, keep memory for others",
                    String.valueOf(count), String.valueOf(maxBatch));
            split(round, runs, entries, count, again);
        } else {
            fail(round, runs, entries, count, again, failure);
        }
    }

    /** Evaluates rows in batches that there is memory for. */
    private void split(Round round, List<Run> runs, int[] entries, int count, boolean again) {
        int[] all = Arrays.copyOf(entries, count);
        int next = 0;
        while (next < count) {
            int[] part = Arrays.copyOfRange(all, next, Math.min(count, next + maxBatch));
            evaluate(round, runs, part, part.length, again);
            next += part.length;
        }
    }

    /** Makes room for batches of so many rows. */
    void makeRoom(int count) {
        places.makeRoom(Math.min(count, maxBatch), maxBatch);
    }

    private void count(Round round, List<Run> runs, int[] entries, int count) {
        for (int i = 0; i < count; i++) {
            int entry = entries[i];
            Run run = runs.get(round.sample(entry));
            try {
                int modelRows = denoiser.rowsPerEvaluation(run.plan().system().level(round.row(entry)), run.asked());
                run.countEvaluation(Require.atLeast(0, "rowsPerEvaluation of the model", modelRows));
            } catch (Throwable e) {
                run.fail(e);
            }
        }
    }

    private void fail(Round round, List<Run> runs, int[] entries, int count, boolean again, Throwable failure) {
        int[] all = Arrays.copyOf(entries, count);
        boolean interrupted = takeInterrupt();
        if (isOfOneCall(round, runs, all)) {
            Call call = runs.get(round.sample(all[0])).call;
            if (interrupted && !again && call != leader) {
                evaluate(round, runs, all, count, true);
                return;
            }
            for (int entry : all) {
                runs.get(round.sample(entry)).fail(failure);
            }
            return;
        }
        endStopped(runs);
        for (int entry : all) {
            Run run = runs.get(round.sample(entry));
            int[] own = Arrays.stream(all).filter(e -> runs.get(round.sample(e)).call == run.call).toArray();
            if (own[0] == entry && run.ending == null) {
                evaluate(round, runs, own, own.length, again);
            }
        }
    }

    private static boolean isOfOneCall(Round round, List<Run> runs, int[] entries) {
        Call call = runs.get(round.sample(entries[0])).call;
        return Arrays.stream(entries).allMatch(entry -> runs.get(round.sample(entry)).call == call);
    }

    @Override
    public void close() {
        places.close();
    }
}
