package dev.paraflux.method;

import dev.paraflux.check.Require;

/**
 * How the rows of a sample were updated, added up over its rounds.
 *
 * @param plain       by the map itself: first rows of a window, rows with one iterate, methods without acceleration
 * @param accelerated by Anderson acceleration
 * @param indefinite  by the map itself, since the least squares were not positive definite
 * @param nonFinite   by the map itself, or reset, since a value was not finite
 */
public record UpdateCounts(long plain, long accelerated, long indefinite, long nonFinite) {
    /** Checks the counts. */
    public UpdateCounts {
        Require.between(0, Long.MAX_VALUE, "plain", plain);
        Require.between(0, Long.MAX_VALUE, "accelerated", accelerated);
        Require.between(0, Long.MAX_VALUE, "indefinite", indefinite);
        Require.between(0, Long.MAX_VALUE, "nonFinite", nonFinite);
    }

    /** No updates counted. */
    public static final UpdateCounts NONE = new UpdateCounts(0, 0, 0, 0);
}
