package dev.paraflux.benchmarks.load;

import java.util.Arrays;
import java.util.Locale;

/** Some times, in order. */
final class Times {
    private final long[] nanos;

    /** @param nanos one or more */
    Times(long[] nanos) {
        this.nanos = nanos.clone();
        Arrays.sort(this.nanos);
    }

    int count() {
        return nanos.length;
    }

    /** The smallest time that so great a share of all, 0 to 1, does not exceed; in milliseconds. */
    double millis(double share) {
        int place = (int) Math.ceil(share * nanos.length) - 1;
        return nanos[Math.max(0, Math.min(nanos.length - 1, place))] * 1e-6;
    }

    /** The same in microseconds, as text. */
    String micros(double share) {
        return String.format(Locale.ROOT, "%.1f", millis(share) * 1e3);
    }
}
