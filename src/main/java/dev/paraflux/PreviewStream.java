package dev.paraflux;

import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Shows the samples of one call as they come about, to any number of subscribers. Whoever is slow misses rounds, and holds
 * up nobody: a few previews that he has not taken yet make the next ones pass him by, of each sample in turn. Nothing is
 * copied for a single subscriber who asks for nothing. The stream is completed when the call is over, or ends with what the
 * call failed with. It serves one call.
 *
 * <pre>{@code
 * PreviewStream previews = new PreviewStream();
 * previews.subscribe(subscriber);
 * sampler.sampleAsync(request, RunOptions.defaults().withPreviews(previews));
 * }</pre>
 */
public final class PreviewStream implements Flow.Publisher<Preview> {
    private static final int BUFFERED = 16;

    private final SubmissionPublisher<Preview> publisher;
    private final AtomicBoolean claimed = new AtomicBoolean();

    /** Subscribers are called on the common pool. */
    public PreviewStream() {
        this(ForkJoinPool.commonPool());
    }

    /** @param executor calls the subscribers */
    public PreviewStream(Executor executor) {
        publisher = new SubmissionPublisher<>(executor, BUFFERED);
    }

    /**
     * It is a call's from now on.
     *
     * @throws IllegalStateException if it has been one's
     */
    void claim() {
        if (claimed.getAndSet(true)) {
            throw new IllegalStateException("the preview stream serves a call already: make one for each call");
        }
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Preview> subscriber) {
        publisher.subscribe(subscriber);
    }

    /** Offers what is under way, once a round. */
    void offer(Progress progress, int dim) {
        if (!publisher.hasSubscribers()
                || publisher.estimateMinimumDemand() <= 0 && publisher.getNumberOfSubscribers() == 1) {
            return;
        }
        for (int k = 0; k < progress.samples(); k++) {
            // Where there is room for some only, it is not always the same ones.
            int s = (progress.round() + k) % progress.samples();
            if (progress.isUnderWay(s)) {
                float[] values = new float[dim];
                progress.preview(s, values);
                publisher.offer(new Preview(s, progress.round(), progress.answers(s), values), null);
            }
        }
    }

    /** The call is over. */
    void end(Throwable failure) {
        try {
            if (failure == null) {
                publisher.close();
            } else {
                publisher.closeExceptionally(failure);
            }
        } catch (Throwable e) {
            // Nobody can be told any more, which is no matter of the call.
        }
    }
}
