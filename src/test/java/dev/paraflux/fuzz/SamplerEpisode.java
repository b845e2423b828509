package dev.paraflux.fuzz;

import dev.paraflux.Cancellation;
import dev.paraflux.RandomRequests;
import dev.paraflux.Sampler;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.device.NativeMemory;
import dev.paraflux.model.Denoiser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * One sampler, used by a few threads at once in random ways, and closed at a random moment. What is done follows from the
 * seed; when it meets what others do does not.
 */
final class SamplerEpisode {
    private static final int PATIENCE_SECONDS = 60;

    final long seed;
    final DrawnAlone alone;
    final Sampler sampler;
    /** Of calls that nobody cancels: they must not grow with the calls. */
    final Cancellation kept = new Cancellation();
    final List<Thread> threads = new ArrayList<>();
    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    final Queue<CompletableFuture<?>> futures = new ConcurrentLinkedQueue<>();
    final boolean interrupts;
    final boolean executorRefuses;
    /** Set before it is closed. */
    volatile boolean closing;

    private final Random random;
    private final Denoiser model;
    private final long before = NativeMemory.allocatedBytes();

    SamplerEpisode(long seed, DrawnAlone alone, ExecutorService pool) {
        this.seed = seed;
        this.alone = alone;
        random = new Random(seed);
        interrupts = random.nextInt(3) == 0;
        int kind = random.nextInt(5);
        executorRefuses = kind == 1;
        model = RandomRequests.model(new FuzzedModel(TestDenoisers.bent(RandomRequests.DIM)));
        Sampler.Builder builder = Sampler.builder(model, TestGrids.linear(8)).maxSamples(1 + random.nextInt(7))
                .maxWaiting(random.nextInt(12)).maxBatch(1 + random.nextInt(40));
        if (kind < 3) {
            builder.executor(executor(kind, pool));
        }
        sampler = builder.build();
    }

    private static Executor executor(int kind, Executor pool) {
        return switch (kind) {
            case 0 -> Runnable::run;
            case 1 -> task -> {
                if (ThreadLocalRandom.current().nextInt(10) == 0) {
                    throw new RejectedExecutionException("at random");
                }
                pool.execute(task);
            };
            default -> pool;
        };
    }

    /** Runs it; how many calls ended how. */
    void run(int callsOfEach, Map<String, Integer> ends) throws InterruptedException {
        int count = 1 + random.nextInt(5);
        List<SamplerUser> users = new ArrayList<>();
        for (int t = 0; t < count; t++) {
            users.add(new SamplerUser(this, random.nextLong(), callsOfEach));
            threads.add(new Thread(users.get(t), "user " + t));
        }
        threads.forEach(Thread::start);
        int closers = random.nextInt(4) - 1;
        for (int c = 0; c < closers; c++) {
            Thread.sleep(random.nextInt(20), random.nextInt(1_000_000));
            int patience = random.nextInt(3) == 0 ? random.nextInt(2_000) : 0;
            Thread closer = new Thread(() -> close(Duration.ofNanos(1000L * patience)), "closer " + c);
            closer.start();
            if (random.nextBoolean()) {
                join(closer);
                assertNothingLeft();
            }
        }
        for (Thread thread : threads) {
            join(thread);
        }
        close(Duration.ZERO);
        assertNothingLeft();
        for (CompletableFuture<?> future : futures) {
            awaitDone(future);
        }
        model.close();
        equal(before, NativeMemory.allocatedBytes(), "bytes that the model left");
        for (SamplerUser user : users) {
            user.ends().forEach((end, times) -> ends.merge(end, times, Integer::sum));
        }
        Throwable failure = failures.poll();
        if (failure != null) {
            throw new AssertionError("seed " + seed + ": " + failure, failure);
        }
    }

    void close(Duration patience) {
        closing = true;
        sampler.close(patience);
    }

    private void assertNothingLeft() {
        // The wrappers' memory is theirs.
        long left = NativeMemory.allocatedBytes();
        if (left > before + 1_000_000) {
            failures.add(new AssertionError(left - before + " bytes are left after a close"));
        }
    }

    private void join(Thread thread) throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        if (thread.isAlive()) {
            throw new AssertionError("seed " + seed + ": " + thread + " does not end:\n" + stacks());
        }
    }

    private void awaitDone(CompletableFuture<?> future) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!future.isDone()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("seed " + seed + ": a future was left open\n" + stacks());
            }
            Thread.sleep(0, 100_000);
        }
    }

    private static String stacks() {
        StringBuilder text = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            text.append(thread).append('\n');
            for (StackTraceElement element : stack) {
                text.append("    ").append(element).append('\n');
            }
        });
        return text.toString();
    }

    private void equal(long expected, long actual, String what) {
        if (expected != actual) {
            throw new AssertionError("seed " + seed + ": " + what + ": " + (actual - expected));
        }
    }
}
