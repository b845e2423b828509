package dev.paraflux.fuzz;

import dev.paraflux.Cancellation;
import dev.paraflux.PreviewStream;
import dev.paraflux.Progress;
import dev.paraflux.ProgressListener;
import dev.paraflux.RandomRequests;
import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** One thread of an episode: makes random calls, and checks what becomes of each against what it did to it. */
final class SamplerUser implements Runnable {
    /** What listeners throw. */
    private static final class FromListener extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** A call, and what was done to it. */
    private final class Planned {
        private final int[] indices = IntStream.range(0, random.nextInt(4) == 0 ? 1 + random.nextInt(9) : 1)
                .map(i -> episode.alone.next(random)).toArray();
        private final List<Request> requests = Arrays.stream(indices).mapToObj(episode.alone::request).toList();
        private final boolean bad = Arrays.stream(indices).anyMatch(episode.alone::isBad);
        private final boolean async = random.nextBoolean();
        private final boolean times = random.nextInt(8) == 0;
        private final boolean cancels = random.nextInt(8) == 0;
        private final boolean listens = random.nextInt(3) == 0;
        private final boolean shown = random.nextInt(10) == 0;
        private final int deed = listens ? random.nextInt(12) : -1;
        private final int at = 1 + random.nextInt(6);
        private final Cancellation cancellation = cancels || deed == 0 ? new Cancellation() : episode.kept;
        /** Set by its end, after which its listener hears nothing more. */
        private volatile boolean over;

        RunOptions options() {
            RunOptions options = RunOptions.defaults().withCancellation(cancellation);
            if (times) {
                options = options.withTimeout(Duration.ofNanos(1 + random.nextInt(2_000_000)));
            }
            if (listens) {
                options = options.withListener(listener());
            }
            if (shown) {
                options = options.withPreviews(new PreviewStream());
            }
            return random.nextInt(10) == 0 ? options.withTrajectories() : options;
        }

        private ProgressListener listener() {
            float[] row = new float[RandomRequests.DIM];
            return progress -> {
                if (over) {
                    episode.failures.add(new AssertionError("a listener hears of a call that is over"));
                }
                progress.preview(progress.round() % indices.length, row);
                if (progress.round() == at) {
                    act(progress);
                }
            };
        }

        private void act(Progress progress) {
            switch (deed) {
                case 0 -> cancellation.cancel();
                case 1 -> throw new FromListener();
                case 2, 3 -> progress.accept(at % indices.length);
                case 4 -> {
                    if (episode.interrupts) {
                        Thread.currentThread().interrupt();
                    }
                }
                case 5, 6 -> pause(300_000);
                case 7 -> joinItself();
                case 8 -> {
                    if (at == 6) {
                        episode.close(Duration.ZERO);
                    }
                }
                default -> progress.finalRows();
            }
        }

        private void joinItself() {
            try {
                if (at % 2 == 0) {
                    episode.sampler.sample(requests.get(0));
                } else {
                    episode.sampler.sampleAsync(requests.get(0));
                }
                episode.failures.add(new AssertionError("a listener joined its own sampler"));
            } catch (IllegalStateException e) {
                count("joined itself");
            }
        }
    }

    private final SamplerEpisode episode;
    private final Random random;
    private final int calls;
    private int refusedSinceClosed;
    private final Map<String, Integer> ends = new TreeMap<>();
    private final FloatBuffer into = ByteBuffer.allocateDirect(Float.BYTES * RandomRequests.DIM)
            .order(ByteOrder.nativeOrder()).asFloatBuffer();

    SamplerUser(SamplerEpisode episode, long seed, int calls) {
        this.episode = episode;
        this.calls = calls;
        random = new Random(seed);
    }

    /** How its calls ended, by kind. */
    Map<String, Integer> ends() {
        return ends;
    }

    private void count(String end) {
        synchronized (ends) {
            ends.merge(end, 1, Integer::sum);
        }
    }

    private static void pause(long nanos) {
        LockSupport.parkNanos(nanos);
    }

    @Override
    public void run() {
        for (int c = 0; c < calls && refusedSinceClosed < 3; c++) {
            Planned call = new Planned();
            try {
                switch (random.nextInt(20)) {
                    case 0 -> warmUp(call);
                    case 1, 2 -> drawInto(call);
                    case 3 -> interruptSomebody();
                    default -> draw(call);
                }
            } catch (Throwable failure) {
                check(call, failure);
            }
            // An interrupt that came between two calls.
            Thread.interrupted();
        }
    }

    private void interruptSomebody() {
        if (episode.interrupts) {
            episode.threads.get(random.nextInt(episode.threads.size())).interrupt();
        }
    }

    private void warmUp(Planned call) {
        episode.sampler.warmUp(call.requests.toArray(new Request[0]));
        count("warmed up");
    }

    private void drawInto(Planned call) {
        Status status = episode.sampler.sample(call.requests.get(0), into);
        call.over = true;
        count("into memory " + status);
        if (status.isSolved() || status == Status.ROUND_LIMIT) {
            float[] values = new float[RandomRequests.DIM];
            into.get(0, values);
            require(Arrays.equals(values, episode.alone.sample(call.indices[0]).values()), "wrong bits in memory");
        } else {
            require(status == Status.CANCELLED && (episode.interrupts || episode.closing), "status " + status);
        }
    }

    private void draw(Planned call) {
        if (call.async) {
            drawAsync(call);
        } else {
            Canceller canceller = call.cancels ? new Canceller(call.cancellation, random.nextInt(300_000)) : null;
            List<Sample> samples = episode.sampler.sample(call.requests, call.options());
            call.over = true;
            check(call, samples);
            if (canceller != null) {
                count("cancelled in time: " + (samples.get(0).status() == Status.CANCELLED));
            }
        }
    }

    /** Cancels a call from a thread of its own. */
    private static final class Canceller {
        Canceller(Cancellation cancellation, long nanos) {
            CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(cancellation::cancel);
        }
    }

    private void drawAsync(Planned call) {
        CompletableFuture<List<Sample>> future = episode.sampler.sampleAsync(call.requests, call.options());
        CompletableFuture<Void> checked = future.handle((samples, failure) -> {
            boolean cancelled = failure instanceof CancellationException || failure instanceof TimeoutException;
            // A call that was given up goes on until its model call ends, and its listener hears of it.
            call.over = !cancelled;
            try {
                if (failure == null) {
                    check(call, samples);
                } else {
                    check(call, failure);
                }
            } catch (Throwable e) {
                episode.failures.add(e);
            }
            return null;
        });
        episode.futures.add(future);
        switch (random.nextInt(6)) {
            case 0 -> future.cancel(random.nextBoolean());
            case 1 -> {
                pause(random.nextInt(200_000));
                future.cancel(true);
            }
            case 2 -> future.orTimeout(random.nextInt(1000), TimeUnit.MICROSECONDS);
            case 3 -> checked.join();
            case 4 -> {
                checked.join();
                require(!future.cancel(true), "a future that was done is cancelled");
            }
            default -> pause(random.nextInt(100_000));
        }
    }

    private void check(Planned call, List<Sample> samples) {
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            Sample expected = episode.alone.sample(call.indices[i]);
            count(sample.status().toString());
            switch (sample.status()) {
                case CANCELLED -> require(call.cancels || call.deed == 0 || episode.closing || episode.interrupts,
                        "cancelled by nobody");
                case DEADLINE_PASSED -> require(call.times, "there was no time limit");
                case ACCEPTED -> require(call.deed == 2 || call.deed == 3, "accepted by nobody");
                default -> require(sample.status() == expected.status()
                        && Arrays.equals(sample.values(), expected.values())
                        && sample.stats().rounds() == expected.stats().rounds(), "wrong bits");
            }
        }
    }

    /** Also of a call that was not begun. */
    private void check(Planned call, Throwable thrown) {
        Throwable failure = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        count(failure.getClass().getSimpleName());
        if (failure instanceof AssertionError) {
            episode.failures.add(failure);
        } else if (failure instanceof FuzzedModel.BadRow) {
            require(call.bad, "a row of another call hurt this one", failure);
        } else if (failure instanceof FuzzedModel.Interrupted) {
            require(episode.interrupts, "nobody was interrupted", failure);
        } else if (failure instanceof FromListener) {
            require(call.deed == 1, "another call's listener threw", failure);
        } else if (failure instanceof RejectedExecutionException) {
            boolean full = failure.getMessage().contains("maxWaiting");
            require(full || episode.executorRefuses && call.async && (call.listens || call.shown), "rejected", failure);
        } else if (failure instanceof IllegalStateException && !(failure instanceof CancellationException)) {
            refusedSinceClosed++;
            require(episode.closing && "Sampler is closed".equals(failure.getMessage()), "refused", failure);
        } else {
            require(failure instanceof CancellationException || failure instanceof TimeoutException, "failed", failure);
        }
    }

    private void require(boolean met, String what) {
        require(met, what, null);
    }

    private void require(boolean met, String what, Throwable cause) {
        if (!met) {
            episode.failures.add(new AssertionError(what + (cause == null ? "" : ": " + cause), cause));
        }
    }
}
