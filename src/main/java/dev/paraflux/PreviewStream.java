package dev.paraflux;

import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.SubmissionPublisher;

/**
 * Shows the samples of one call as they come about, to any number of subscribers. Whoever is slow misses rounds, and holds
 * up nobody: a preview that he has not taken yet makes the next ones pass him by. Nothing is copied for subscribers who
 * ask for nothing. The stream is completed when the call is over, or ends with what the call failed with.
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

    /** Subscribers are called on the common pool. */
    public PreviewStream() {
        this(ForkJoinPool.commonPool());
    }

    /** @param executor calls the subscribers */
    public PreviewStream(Executor executor) {
        publisher = new SubmissionPublisher<>(executor, BUFFERED);
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
        for (int s = 0; s < progress.samples(); s++) {
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
