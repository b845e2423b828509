package dev.paraflux;

import dev.paraflux.check.Require;
import java.time.Duration;
import java.util.Objects;

/**
 * How one run is watched and stopped. Immutable.
 *
 * @param cancellation stops the run; so does an interrupt of the thread that samples
 * @param timeout      stops the run this long after the call, the time that it waits for other runs included; above 0, or
 *                     null for never
 * @param listener     called after every round
 * @param previews     shows the samples as they come about, or null
 * @param keepTrajectories samples carry all their rows, where the method keeps them
 */
public record RunOptions(Cancellation cancellation, Duration timeout, ProgressListener listener,
        PreviewStream previews, boolean keepTrajectories) {
    private static final ProgressListener SILENT = progress -> {};

    /** Checks the settings. */
    public RunOptions {
        Objects.requireNonNull(cancellation, "cancellation");
        Objects.requireNonNull(listener, "listener");
        Require.that(timeout == null || !timeout.isNegative() && !timeout.isZero(), "timeout", timeout, "above 0");
    }

    /** Never stopped, not watched. */
    public static RunOptions defaults() {
        return new RunOptions(new Cancellation(), null, SILENT, null, false);
    }

    /** The same with this switch. */
    public RunOptions withCancellation(Cancellation newCancellation) {
        return new RunOptions(newCancellation, timeout, listener, previews, keepTrajectories);
    }

    /** The same with this time limit. */
    public RunOptions withTimeout(Duration newTimeout) {
        return new RunOptions(cancellation, newTimeout, listener, previews, keepTrajectories);
    }

    /** The same with this listener. */
    public RunOptions withListener(ProgressListener newListener) {
        return new RunOptions(cancellation, timeout, newListener, previews, keepTrajectories);
    }

    /** The same, shown to the subscribers of a stream, which serves one call. */
    public RunOptions withPreviews(PreviewStream stream) {
        return new RunOptions(cancellation, timeout, listener, Objects.requireNonNull(stream, "previews"),
                keepTrajectories);
    }

    /** The same, with samples that carry all their rows. */
    public RunOptions withTrajectories() {
        return new RunOptions(cancellation, timeout, listener, previews, true);
    }

    /** Whether anybody is told of rounds. */
    boolean isWatched() {
        return listener != SILENT || previews != null;
    }
}
