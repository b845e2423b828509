package dev.paraflux.benchmarks.load;

import dev.paraflux.Status;

/**
 * What a client was told, with moments by {@link System#nanoTime()}.
 *
 * @param values   null where there are none
 * @param limit    when it was to be stopped, as the client saw it; {@link #NEVER} if it was not
 * @param stopped  when the sampler knew that, at the latest
 * @param over     when the sampler was done with it, at the earliest
 * @param told     when the client had its answer
 * @param refusals how often it had to come again before
 */
record Answer(Asked asked, Status status, float[] values, long limit, long stopped, long over, long told,
        int refusals) {
    static final long NEVER = Long.MAX_VALUE;

    /** How long after its limit the client was told; negative where it was before. */
    long lateNanos() {
        return limit == NEVER ? -1 : told - limit;
    }
}
