package dev.paraflux;

import dev.paraflux.engine.Call;
import dev.paraflux.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;

/** The requests of one call, its limits, its listener, and what becomes of it. */
final class SampleCall extends Call {
    private final Engine engine;
    private final Executor executor;
    private final int dim;
    private final RunLimits limits = new RunLimits();
    private RunOptions options;
    private SampleRun[] samples;
    private Progress progress;
    private Runnable watcher;
    private BiConsumer<List<Sample>, Throwable> receiver;
    private Future<?> alarm;

    SampleCall(Engine engine, Executor executor, int dim) {
        this.dim = dim;
        this.engine = engine;
        this.executor = executor;
    }

    /** Its time begins. */
    void begin(RunOptions newOptions, SampleRun... runs) {
        options = newOptions;
        limits.begin(newOptions);
        samples = runs;
        progress = newOptions.isWatched() ? new Progress(runs, engine) : null;
        set(runs);
    }

    /** For a call that nobody waits for: takes its samples, or what it failed with. */
    void completes(BiConsumer<List<Sample>, Throwable> newReceiver) {
        receiver = newReceiver;
    }

    void alarmIs(Future<?> newAlarm) {
        alarm = newAlarm;
    }

    /** It never was in the line. */
    void refused(Throwable refusal) {
        cancelAlarm();
        if (options.previews() != null) {
            options.previews().end(refusal);
        }
    }

    private void cancelAlarm() {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    RunLimits limits() {
        return limits;
    }

    boolean keepsTrajectories() {
        return options.keepTrajectories();
    }

    /** How its samples end if they are to end now. */
    Status stopStatus() {
        return isGivenUp() || limits.cancellation().isCancelled() ? Status.CANCELLED : Status.DEADLINE_PASSED;
    }

    /** The samples, once it is over without a failure. */
    List<Sample> results() {
        List<Sample> list = new ArrayList<>(samples.length);
        for (SampleRun run : samples) {
            list.add(run.sample());
        }
        return List.copyOf(list);
    }

    /** The failure, or null. */
    Throwable problem() {
        return failure();
    }

    @Override
    protected boolean isStopped() {
        return limits.isReached();
    }

    @Override
    protected long remainingNanos() {
        return limits.remainingNanos();
    }

    @Override
    protected void watch(Runnable wake) {
        watcher = wake;
        limits.cancellation().watch(wake);
    }

    @Override
    protected void unwatch() {
        if (watcher != null) {
            limits.cancellation().unwatch(watcher);
            watcher = null;
        }
    }

    @Override
    protected boolean listens() {
        return progress != null;
    }

    @Override
    protected void onRound() {
        progress.nextRound();
        if (options.previews() != null) {
            options.previews().offer(progress, dim);
        }
        options.listener().onRound(progress);
    }

    @Override
    protected void execute(Runnable task) {
        executor.execute(task);
    }

    /** What depends on the future runs elsewhere, not on the thread that leads everybody's rounds. */
    @Override
    protected void onDone() {
        cancelAlarm();
        try {
            executor.execute(this::complete);
        } catch (Throwable e) {
            // It is full, or whatever an executor may throw: a future is never left open.
            complete();
        }
    }

    private void complete() {
        try {
            if (failure() == null) {
                receiver.accept(results(), null);
            } else {
                receiver.accept(null, failure());
            }
        } finally {
            closePreviews();
        }
    }

    /** Nothing more is to be seen. */
    void closePreviews() {
        if (options.previews() != null) {
            options.previews().end(failure());
        }
    }
}
