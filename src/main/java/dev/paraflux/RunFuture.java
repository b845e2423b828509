package dev.paraflux;

import dev.paraflux.engine.Engine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The future of a run, and of every stage that comes from it. Whoever completes one of them from outside, by cancelling, a
 * time limit or a value of his own, no longer waits for the run, so that it is stopped. To wait for it within a run of the
 * same sampler would never end, and is refused.
 */
final class RunFuture<T> extends CompletableFuture<T> {
    private final Cancellation run;
    private final Engine engine;
    private final Executor executor;
    private volatile boolean taken;

    RunFuture(Cancellation run, Engine engine, Executor executor) {
        this.run = run;
        this.engine = engine;
        this.executor = executor;
    }

    /** Runs what is to follow asynchronously. */
    @Override
    public Executor defaultExecutor() {
        return executor;
    }

    /** The run is over; whoever completes the future from outside at this moment comes first. */
    void completeByRun(T value, Throwable failure) {
        if (taken) {
            return;
        }
        if (failure == null) {
            super.complete(value);
        } else {
            super.completeExceptionally(failure);
        }
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new RunFuture<>(run, engine, executor);
    }

    @Override
    public boolean complete(T value) {
        stopRun();
        return super.complete(value);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        stopRun();
        return super.completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        stopRun();
        return super.cancel(mayInterrupt);
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        return super.completeAsync(() -> {
            stopRun();
            return supplier.get();
        }, executor);
    }

    @Override
    public void obtrudeValue(T value) {
        run.cancel();
        super.obtrudeValue(value);
    }

    @Override
    public void obtrudeException(Throwable failure) {
        run.cancel();
        super.obtrudeException(failure);
    }

    /**
     * Before the future completes, so that whoever it wakes finds the run stopped. When the run itself completes its future,
     * there is nothing left to stop.
     */
    private void stopRun() {
        if (!isDone()) {
            taken = true;
            run.cancel();
        }
    }

    @Override
    public T join() {
        requireNotInRun();
        return super.join();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        requireNotInRun();
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        requireNotInRun();
        return super.get(timeout, unit);
    }

    private void requireNotInRun() {
        if (!isDone() && engine.inCallback()) {
            throw new IllegalStateException(
                    "the sampler of this future is in the middle of a run on this thread: from a"
                            + " listener or a model, do not wait for another run of it");
        }
    }
}
