package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.method.core.Srds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Previews as a stream: shown to whoever asks, and nobody waits for whoever does not take them. */
@Timeout(120)
class PreviewStreamTest {
    private static final int DIM = 8;
    private static final int STEPS = 60;

    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);
    private final Sampler sampler = Afterwards.close(Sampler.builder(model, TestGrids.linear(STEPS)).build());

    /** Asks for so many at the start, and keeps what comes. */
    private static final class Subscriber implements Flow.Subscriber<Preview> {
        private final long demand;
        private final Runnable onNext;
        private final List<Preview> seen = new ArrayList<>();
        private final CountDownLatch subscribed = new CountDownLatch(1);
        private final CompletableFuture<Throwable> end = new CompletableFuture<>();
        private Flow.Subscription subscription;

        Subscriber(long demand, Runnable onNext) {
            this.demand = demand;
            this.onNext = onNext;
        }

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            if (demand > 0) {
                subscription.request(demand);
            }
            subscribed.countDown();
        }

        @Override
        public void onNext(Preview preview) {
            seen.add(preview);
            onNext.run();
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }

        Subscriber to(PreviewStream stream) throws InterruptedException {
            stream.subscribe(this);
            subscribed.await();
            return this;
        }
    }

    private static RunOptions shownIn(PreviewStream stream) {
        return RunOptions.defaults().withPreviews(stream);
    }

    private static List<Request> requests(int count) {
        return IntStream.range(0, count).mapToObj(Request::seed).toList();
    }

    /** On the thread that listens, so that nobody is late. */
    @Test
    void everyRoundOfEverySampleIsShownToWhoTakesIt() throws Exception {
        PreviewStream stream = new PreviewStream(Runnable::run);
        Subscriber one = new Subscriber(Long.MAX_VALUE, () -> {}).to(stream);
        Subscriber other = new Subscriber(Long.MAX_VALUE, () -> {}).to(stream);
        List<float[]> expected = new ArrayList<>();
        Request request = Request.seed(1).withMethod(Srds.defaults());
        sampler.sample(List.of(request), RunOptions.defaults().withListener(progress -> {
            expected.add(new float[DIM]);
            progress.preview(0, expected.get(expected.size() - 1));
        }));
        sampler.sample(List.of(request), shownIn(stream));
        assertNull(one.end.get());
        assertNull(other.end.get());
        // After the last round it is over.
        assertEquals(expected.size() - 1, one.seen.size());
        for (int r = 0; r < one.seen.size(); r++) {
            assertEquals(r + 1, one.seen.get(r).round());
            assertEquals(0, one.seen.get(r).sample());
            assertArrayEquals(expected.get(r), one.seen.get(r).values());
        }
        assertEquals(one.seen, other.seen);
        assertTrue(one.seen.get(one.seen.size() - 1).answers() > 0);
    }

    /** He gets some, in order, and the call neither waits for him nor keeps more than a few for him. */
    @Test
    void whoIsSlowMissesPreviewsAndSlowsNobody() throws Exception {
        PreviewStream stream = new PreviewStream();
        Gate gate = new Gate();
        Subscriber slow = new Subscriber(Long.MAX_VALUE, gate::pass).to(stream);
        List<Sample> samples = sampler.sample(requests(3), shownIn(stream));
        samples.forEach(sample -> assertEquals(Status.COMPLETED, sample.status()));
        gate.open();
        assertNull(slow.end.get());
        assertTrue(slow.seen.size() >= 3 && slow.seen.size() <= 3 * STEPS / 2, slow.seen.size() + " previews");
        for (int p = 1; p < slow.seen.size(); p++) {
            assertTrue(slow.seen.get(p).round() >= slow.seen.get(p - 1).round());
        }
    }

    @Test
    void whoAsksForNothingGetsTheEnd() throws Exception {
        PreviewStream stream = new PreviewStream();
        Subscriber none = new Subscriber(0, () -> {}).to(stream);
        sampler.sampleAsync(requests(1), shownIn(stream)).join();
        assertNull(none.end.get());
        assertEquals(List.of(), none.seen);
    }

    /** What was kept for who asks late comes first, then the end. */
    @Test
    void whoAsksLateGetsAFewAndTheEnd() throws Exception {
        PreviewStream stream = new PreviewStream();
        Subscriber late = new Subscriber(0, () -> {}).to(stream);
        Subscriber two = new Subscriber(2, () -> {}).to(stream);
        sampler.sampleAsync(requests(1), shownIn(stream)).join();
        late.subscription.request(Long.MAX_VALUE);
        two.subscription.request(Long.MAX_VALUE);
        assertNull(late.end.get());
        assertNull(two.end.get());
        assertTrue(late.seen.size() <= 16, late.seen.size() + " previews");
        assertTrue(two.seen.size() >= 2 && two.seen.size() <= 18, two.seen.size() + " previews");
    }

    @Test
    void aStreamWithoutSubscribersAndOneThatAllHaveLeftCostNothing() throws Exception {
        assertEquals(Status.COMPLETED, sampler.sample(requests(1), shownIn(new PreviewStream())).get(0).status());
        PreviewStream stream = new PreviewStream();
        Subscriber leaving = new Subscriber(Long.MAX_VALUE, () -> {}).to(stream);
        leaving.subscription.cancel();
        assertEquals(Status.COMPLETED, sampler.sample(requests(1), shownIn(stream)).get(0).status());
        PreviewStream throwing = new PreviewStream();
        Subscriber failing = new Subscriber(Long.MAX_VALUE, () -> {
            throw new IllegalStateException("from a subscriber");
        }).to(throwing);
        assertEquals(Status.COMPLETED, sampler.sample(requests(1), shownIn(throwing)).get(0).status());
        assertEquals("from a subscriber", failing.end.get().getMessage());
    }

    @Test
    void failuresReachSubscribers() throws Exception {
        RuntimeException thrown = new RuntimeException("from the model");
        model.beforeCall(batch -> {
            if (model.calls() % 5 == 0) {
                throw thrown;
            }
        });
        for (boolean async : new boolean[] {false, true}) {
            PreviewStream stream = new PreviewStream();
            Subscriber subscriber = new Subscriber(Long.MAX_VALUE, () -> {}).to(stream);
            if (async) {
                CompletableFuture<List<Sample>> future = sampler.sampleAsync(requests(1), shownIn(stream));
                assertSame(thrown, assertThrows(CompletionException.class, future::join).getCause());
            } else {
                assertSame(thrown, assertThrows(RuntimeException.class,
                        () -> sampler.sample(requests(1), shownIn(stream))));
            }
            assertSame(thrown, subscriber.end.get());
        }
    }

    @Test
    void aStoppedCallCompletesTheStream() throws Exception {
        Cancellation cancellation = new Cancellation();
        PreviewStream stream = new PreviewStream(Runnable::run);
        Subscriber subscriber = new Subscriber(Long.MAX_VALUE, cancellation::cancel).to(stream);
        List<Sample> samples = sampler.sample(requests(1), shownIn(stream).withCancellation(cancellation));
        assertEquals(Status.CANCELLED, samples.get(0).status());
        assertNull(subscriber.end.get());
        assertEquals(1, subscriber.seen.size());
    }

    /** Of the stream: nobody can be told any more, but the samples are there. */
    @Test
    void anExecutorThatIsFullByTheEndLeavesTheSamples() throws Exception {
        boolean[] full = new boolean[1];
        for (boolean async : new boolean[] {false, true}) {
            full[0] = false;
            PreviewStream stream = new PreviewStream(task -> {
                if (full[0]) {
                    throw new RejectedExecutionException("full");
                }
                task.run();
            });
            new Subscriber(1, () -> full[0] = true).to(stream);
            RunOptions options = shownIn(stream);
            assertEquals(Status.COMPLETED, (async ? sampler.sampleAsync(requests(1), options).join()
                    : sampler.sample(requests(1), options)).get(0).status());
        }
    }

    @Test
    void aStreamServesOneCall() {
        PreviewStream previews = new PreviewStream();
        RunOptions options = RunOptions.defaults().withPreviews(previews);
        sampler.sample(List.of(Request.seed(1)), options);
        assertThrows(IllegalStateException.class, () -> sampler.sample(List.of(Request.seed(1)), options));
        assertThrows(IllegalStateException.class, () -> sampler.sampleAsync(Request.seed(1), options));
    }

    @Test
    void aCallThatIsRefusedEndsItsStream() {
        Sampler closed = Sampler.builder(model, TestGrids.linear(STEPS)).build();
        closed.close();
        for (boolean async : new boolean[] {false, true}) {
            PreviewStream previews = new PreviewStream();
            Subscriber subscriber = new Subscriber(1, () -> {});
            previews.subscribe(subscriber);
            RunOptions options = RunOptions.defaults().withPreviews(previews);
            assertThrows(IllegalStateException.class, () -> {
                if (async) {
                    closed.sampleAsync(Request.seed(1), options);
                } else {
                    closed.sample(List.of(Request.seed(1)), options);
                }
            });
            assertTrue(subscriber.end.join() instanceof IllegalStateException);
        }
    }

    /** There is room for fewer previews than samples, and a subscriber that takes them one by one. */
    @Test
    void noSampleIsAlwaysPassedBy() throws InterruptedException {
        int samples = 40;
        PreviewStream previews = new PreviewStream();
        Semaphore seen = new Semaphore(0);
        Subscriber subscriber = new Subscriber(Long.MAX_VALUE, seen::release).to(previews);
        // A round waits until the subscriber has had some of the one before, however busy the machine is.
        RunOptions options = RunOptions.defaults().withPreviews(previews)
                .withListener(progress -> seen.acquireUninterruptibly(progress.round() > 1 ? 8 : 0));
        sampler.sample(IntStream.range(0, samples).mapToObj(Request::seed).toList(), options);
        assertNull(subscriber.end.join());
        assertEquals(samples, subscriber.seen.stream().map(Preview::sample).distinct().count());
    }
}
