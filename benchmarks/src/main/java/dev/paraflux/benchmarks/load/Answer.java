package dev.paraflux.benchmarks.load;

import dev.paraflux.Status;

/**
 * What a client was told.
 *
 * @param values       null where there are none
 * @param nanos        from the call to the answer
 * @param lateNanos    from the time limit, or from when it gave up, to the answer; negative where it came before
 * @param refusals     how often it had to come again before
 */
record Answer(Asked asked, Status status, float[] values, long nanos, long lateNanos, int refusals) {
    boolean wasStopped() {
        return status == Status.CANCELLED || status == Status.DEADLINE_PASSED;
    }
}
