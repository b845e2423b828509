package dev.paraflux.benchmarks.load;

import dev.paraflux.Cancellation;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Asks a sampler in the way that each request says. Thread-safe. */
final class Askers implements AutoCloseable {
    private final Sampler sampler;
    private final int dim;
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
    private final ThreadLocal<FloatBuffer> memory;

    Askers(Sampler sampler, int dim) {
        this.sampler = sampler;
        this.dim = dim;
        memory = ThreadLocal.withInitial(
                () -> ByteBuffer.allocateDirect(Float.BYTES * dim).order(ByteOrder.nativeOrder()).asFloatBuffer());
    }

    /** Asks until it is not refused. */
    Answer ask(Asked asked) throws Exception {
        for (int refusals = 0;; refusals++) {
            try {
                return askOnce(asked, refusals);
            } catch (RejectedExecutionException e) {
                Thread.sleep(2);
            }
        }
    }

    private Answer askOnce(Asked asked, int refusals) throws Exception {
        long begin = System.nanoTime();
        if (asked.way() == Asked.Way.MEMORY) {
            Status status = sampler.sample(asked.request(), memory.get());
            long nanos = System.nanoTime() - begin;
            float[] values = new float[dim];
            memory.get().get(0, values);
            return new Answer(asked, status, values, nanos, -1, refusals);
        }
        RunOptions options = RunOptions.defaults();
        if (asked.timeout() != null) {
            options = options.withTimeout(asked.timeout());
        }
        return asked.way() == Asked.Way.FUTURE ? askForFuture(asked, options, begin, refusals)
                : call(asked, options, begin, refusals);
    }

    private Answer call(Asked asked, RunOptions options, long begin, int refusals) {
        Cancellation cancellation = new Cancellation();
        Future<?> giveUp = later(asked, cancellation::cancel);
        try {
            Sample sample = sampler.sample(List.of(asked.request()), options.withCancellation(cancellation)).get(0);
            return answer(asked, sample.status(), sample, System.nanoTime() - begin, refusals);
        } finally {
            cancel(giveUp);
        }
    }

    private Answer askForFuture(Asked asked, RunOptions options, long begin, int refusals) throws Exception {
        CompletableFuture<Sample> future = sampler.sampleAsync(asked.request(), options);
        Future<?> giveUp = later(asked, () -> future.cancel(true));
        try {
            Sample sample = future.get();
            return answer(asked, sample.status(), sample, System.nanoTime() - begin, refusals);
        } catch (CancellationException e) {
            return answer(asked, Status.CANCELLED, null, System.nanoTime() - begin, refusals);
        } finally {
            cancel(giveUp);
        }
    }

    private Future<?> later(Asked asked, Runnable task) {
        return asked.cancelNanos() < 0 ? null : clock.schedule(task, asked.cancelNanos(), TimeUnit.NANOSECONDS);
    }

    private static void cancel(Future<?> task) {
        if (task != null) {
            task.cancel(false);
        }
    }

    private static Answer answer(Asked asked, Status status, Sample sample, long nanos, int refusals) {
        long limit = asked.timeout() == null ? asked.cancelNanos() : asked.timeout().toNanos();
        return new Answer(asked, status, sample != null && sample.hasValues() ? sample.values() : null, nanos,
                limit < 0 ? -1 : nanos - limit, refusals);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
