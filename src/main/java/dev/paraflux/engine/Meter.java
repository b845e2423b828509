package dev.paraflux.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What an engine has done since it was made: counted, and told to Java Flight Recorder where that records, by the thread that
 * leads; read by any.
 */
public final class Meter {
    private final Places places;
    private final AtomicLong rounds = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong evaluations = new AtomicLong();
    private final AtomicLong modelNanos = new AtomicLong();
    private final RoundEvent round = new RoundEvent();
    private final ModelCallEvent call = new ModelCallEvent();
    private long calledNanos;

    Meter(Places places) {
        this.places = places;
    }

    void beginRound() {
        round.begin();
    }

    void endRound(int samples, int asked) {
        round.end();
        rounds.incrementAndGet();
        if (round.shouldCommit()) {
            round.samples = samples;
            round.evaluations = asked;
            round.commit();
        }
    }

    void beginCall() {
        call.begin();
        calledNanos = System.nanoTime();
    }

    /** Gives the nanoseconds that it took. */
    long endCall(int rows, boolean failed) {
        long nanos = System.nanoTime() - calledNanos;
        call.end();
        calls.incrementAndGet();
        evaluations.addAndGet(rows);
        modelNanos.addAndGet(nanos);
        if (call.shouldCommit()) {
            call.evaluations = rows;
            call.failed = failed;
            call.commit();
        }
        return nanos;
    }

    /** Runs that wait for a slot, now. */
    public int waiting() {
        return places.waiting();
    }

    /** Runs in slots, now. */
    public int underWay() {
        return places.inFlight();
    }

    /** Rounds so far. */
    public long rounds() {
        return rounds.get();
    }

    /** Calls of the model so far, also those that failed. */
    public long calls() {
        return calls.get();
    }

    /** Evaluations that these were asked for. */
    public long evaluations() {
        return evaluations.get();
    }

    /** Time that they took. */
    public long modelNanos() {
        return modelNanos.get();
    }
}
