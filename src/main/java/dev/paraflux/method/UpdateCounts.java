package dev.paraflux.method;

import dev.paraflux.check.Require;
import java.util.LinkedHashMap;
import java.util.Map;

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

    /** The counts by their names. */
    public Map<String, Long> toMap() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("plain", plain);
        counts.put("accelerated", accelerated);
        counts.put("indefinite", indefinite);
        counts.put("nonFinite", nonFinite);
        return counts;
    }

    /** No updates counted. */
    public static final UpdateCounts NONE = new UpdateCounts(0, 0, 0, 0);
}
