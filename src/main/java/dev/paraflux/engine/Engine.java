package dev.paraflux.engine;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.model.Denoiser;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Runs calls of many threads in common rounds. There is always at most one leader, who does all the work: a caller leads
 * until its own call is over, then another one does; for calls that nobody waits for, a thread of the engine's own. So a
 * lone caller works on its own thread, without a hand-over.
 */
public final class Engine {
    private final Line line;
    private final Rounds rounds;
    private final Meter meter;
    private final Closing closing;
    private final List<Run> joining = new ArrayList<>();
    private final List<Call> told = new ArrayList<>();
    private final Consumer<Call> ended = this::runEnded;
    private final Consumer<Call> over = this::finish;

    /**
     * @param maxBatch   most evaluations in one model call
     * @param maxSamples most runs in slots at once
     * @param maxWaiting most calls that wait for a slot
     * @param threads    run what leads for calls that nobody waits for, each on a thread of its own
     * @param afterwards what follows once all memory is freed
     * @param lifetime   of the owner, closed with the engine; raises the alarm for memory that is forgotten
     */
    public Engine(Denoiser denoiser, Device device, int maxBatch, int maxSamples, int maxWaiting, Executor threads,
            Runnable afterwards, Lifetime lifetime) {
        Places places = new Places(maxSamples);
        meter = new Meter(places);
        line = new Line(places, maxWaiting, () -> threads.execute(this::work));
        rounds = lifetime.own(() -> new Rounds(denoiser, device, maxBatch, maxSamples, meter, lifetime));
        closing = new Closing(line, () -> {
            rounds.close();
            lifetime.close();
            afterwards.run();
        });
    }

    /**
     * Runs a call and returns when it is over; what it failed with is its own matter.
     *
     * @throws IllegalStateException      if the engine is closed, or this thread is in the middle of a round or a listener
     * @throws RejectedExecutionException if too many wait
     */
    public void run(Call call) {
        call.thread = Thread.currentThread();
        line.enter(call);
        boolean watching = false;
        try {
            withdraw(call);
            while (!call.done) {
                if (call.listening) {
                    listen(call);
                } else if (line.takeLead()) {
                    lead(call);
                } else {
                    if (!watching) {
                        call.watch(call::wake);
                        watching = true;
                    }
                    await(call);
                }
            }
        } finally {
            call.unwatch();
            passOn();
            closing.closeUp();
            if (call.wasInterrupted()) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits until there may be something to do for this thread. */
    private void await(Call call) {
        withdraw(call);
        long limit = call.stopped() ? Long.MAX_VALUE : Math.max(1, call.remainingNanos());
        if (!call.done && !call.listening) {
            LockSupport.parkNanos(this, limit);
        }
        call.takeInterrupt();
    }

    /**
     * Begins a call that nobody waits for.
     *
     * @throws IllegalStateException      as {@link #run}
     * @throws RejectedExecutionException as {@link #run}
     */
    public void start(Call call) {
        // Before it is in the line: from then on others may end it, and end the watch.
        call.watch(() -> withdraw(call));
        try {
            line.enter(call);
        } catch (Throwable e) {
            call.unwatch();
            throw e;
        }
        try {
            withdraw(call);
            line.wakeNext();
        } catch (Throwable e) {
            // Not even a thread for it, perhaps.
            call.unwatch();
            if (line.withdraw(call)) {
                throw e;
            }
        }
    }

    /** Ends what of a stopped call still waits; of runs under way the leader sees it. */
    public void withdraw(Call call) {
        if (call.stopped() && line.withdraw(call)) {
            finish(call);
        }
    }

    /** What there is to do, and what has been done since the engine was made. */
    public Meter meter() {
        return meter;
    }

    /** Whether this thread is in the middle of a round, in the model for example, or in a listener. */
    public boolean inCallback() {
        return line.inCallback();
    }

    private void work() {
        while (line.takeLeadForUnattended()) {
            lead(null);
        }
        closing.closeUp();
    }

    /** Leads until the call, or every call that nobody waits for, is over, or sits out, or there is nothing to do. */
    private void lead(Call own) {
        try {
            while (line.admit(own, joining)) {
                if (own != null && own.inLine) {
                    withdraw(own);
                }
                if (line.admittedChore() != null) {
                    doChore(line.admittedChore());
                }
                rounds.join(joining);
                joining.clear();
                rounds.step(told, own);
                rounds.takeEnded(ended);
                tell();
            }
        } finally {
            line.leaveLead();
            passOn();
        }
    }

    /** Somebody else leads, if there is something to do. */
    private void passOn() {
        try {
            line.wakeNext();
        } catch (Throwable e) {
            // There is no thread for calls that nobody waits for: this one leads for them. Or the sampler was closed
            // meanwhile, and there is nothing to do.
            work();
        }
    }

    private void doChore(Call chore) {
        try {
            chore.chore();
        } catch (Throwable e) {
            chore.fail(e);
        }
        if (line.choreDone(chore)) {
            finish(chore);
        }
    }

    private void runEnded(Call call) {
        if (line.left(call)) {
            finish(call);
        }
    }

    /** Has the listeners hear of the round, each on a thread where it holds up nobody but its own call. */
    private void tell() {
        for (int i = 0; i < told.size(); i++) {
            Call call = told.get(i);
            if (!call.reportDue) {
                continue;
            }
            line.beginListening(call);
            if (call.thread != null) {
                call.wake();
            } else {
                try {
                    call.execute(() -> listen(call));
                } catch (Throwable e) {
                    // It is full, or whatever an executor may throw.
                    call.fail(e);
                    endListening(call);
                }
            }
        }
        told.clear();
    }

    private void listen(Call call) {
        line.listensOn(call, Thread.currentThread());
        try {
            call.onRound();
        } catch (Throwable e) {
            call.fail(e);
        }
        endListening(call);
    }

    private void endListening(Call call) {
        boolean over = line.endListening(call);
        if (over) {
            finish(call);
        }
        passOn();
    }

    /** Ends a call that nobody waits for. */
    private void finish(Call call) {
        call.unwatch();
        try {
            call.onDone();
        } catch (Throwable e) {
            // Nobody waits for it, and who leads is to go on.
            call.fail(e);
        }
        closing.closeUp();
    }

    /** Makes a place for each of the runs' plans, and prepares the model for batches of so many rows; for a chore. */
    public void prepare(List<Run> runs, int rows) {
        rounds.prepare(runs, rows);
    }

    /** Copies a row out, on any thread: one that no round writes now. */
    public void peek(Buffer buffer, int row, float[] into) {
        rounds.peek(buffer, row, into);
    }

    /**
     * Refuses calls from now on, waits for those under way for so long, then ends them, and frees all memory. A second call
     * waits for the first. From within a round or a listener nothing is waited for: what is under way ends, and the memory is
     * freed after it.
     */
    public void close(long nanos) {
        closing.close(nanos, over);
    }
}
