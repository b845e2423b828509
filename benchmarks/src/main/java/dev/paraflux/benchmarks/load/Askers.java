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
        return switch (asked.way()) {
            case MEMORY -> intoMemory(asked, refusals);
            case CALL -> call(asked, refusals);
            case FUTURE -> future(asked, refusals);
        };
    }

    private Answer intoMemory(Asked asked, int refusals) {
        Status status = sampler.sample(asked.request(), memory.get());
        float[] values = new float[dim];
        memory.get().get(0, values);
        long told = System.nanoTime();
        return new Answer(asked, status, values, Answer.NEVER, Answer.NEVER, told, told, refusals);
    }

    private Answer call(Asked asked, int refusals) {
        Cancellation cancellation = new Cancellation();
        long begin = System.nanoTime();
        GivingUp givingUp = new GivingUp(asked, cancellation::cancel);
        try {
            Sample sample = sampler
                    .sample(List.of(asked.request()), options(asked).withCancellation(cancellation)).get(0);
            return givingUp.answer(sample.status(), sample, begin, refusals);
        } finally {
            givingUp.forget();
        }
    }

    private Answer future(Asked asked, int refusals) throws Exception {
        long begin = System.nanoTime();
        CompletableFuture<Sample> future = sampler.sampleAsync(asked.request(), options(asked));
        GivingUp givingUp = new GivingUp(asked, () -> future.cancel(true));
        try {
            Sample sample = future.get();
            return givingUp.answer(sample.status(), sample, begin, refusals);
        } catch (CancellationException e) {
            return givingUp.answer(Status.CANCELLED, null, begin, refusals);
        } finally {
            givingUp.forget();
        }
    }

    private static RunOptions options(Asked asked) {
        return asked.timeout() == null ? RunOptions.defaults() : RunOptions.defaults().withTimeout(asked.timeout());
    }

    /** Cancels, where the request says so, and notes when. */
    private final class GivingUp {
        private final Asked asked;
        private final Future<?> task;
        private volatile long before = Answer.NEVER;
        private volatile long after = Answer.NEVER;

        GivingUp(Asked asked, Runnable cancel) {
            this.asked = asked;
            task = asked.cancelNanos() < 0 ? null : clock.schedule(() -> {
                before = System.nanoTime();
                cancel.run();
                after = System.nanoTime();
            }, asked.cancelNanos(), TimeUnit.NANOSECONDS);
        }

        void forget() {
            if (task != null) {
                task.cancel(false);
            }
        }

        /** @param sample null where a cancelled future gave none */
        Answer answer(Status status, Sample sample, long begin, int refusals) {
            long told = System.nanoTime();
            float[] values = sample != null && sample.hasValues() ? sample.values() : null;
            long taken = sample == null ? told - begin : (long) (sample.stats().seconds() * 1e9);
            if (asked.timeout() == null) {
                return new Answer(asked, status, values, before, after, begin + taken, told, refusals);
            }
            // The sampler's clock began somewhat after the client's: by no more than all that it did not see.
            long limit = begin + asked.timeout().toNanos();
            return new Answer(asked, status, values, limit, limit + (told - begin - taken), begin + taken, told,
                    refusals);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
