package dev.paraflux.engine;

/** How many runs are in slots, sit out, or wait for a slot. Guarded by the {@link Line}. */
final class Places {
    private final int maxSamples;
    private volatile int inFlight;
    private int sittingOut;
    private volatile int waiting;

    Places(int maxSamples) {
        this.maxSamples = maxSamples;
    }

    /** So many runs begin to wait. */
    void enter(int runs) {
        waiting += runs;
    }

    /** One of those that wait takes a slot; it sits out where its call does. */
    void join(Call call) {
        waiting--;
        inFlight++;
        if (call.listening) {
            sitOut(call, 1);
        }
    }

    /** So many no longer wait. */
    void withdraw(int runs) {
        waiting -= runs;
    }

    /** A run gives its slot back. */
    void leave(Call call) {
        inFlight--;
        if (call.sittingOut > 0) {
            // It ends while its listener runs: all runs ended, or those that it has failed.
            sitOut(call, -1);
        }
    }

    /** The runs of a call that are in slots sit out. */
    void sitOut(Call call) {
        sitOut(call, call.inFlight());
    }

    /** They are back. */
    void sitIn(Call call) {
        sitOut(call, -call.sittingOut);
    }

    private void sitOut(Call call, int runs) {
        call.sittingOut += runs;
        sittingOut += runs;
    }

    /** Runs in slots; read by any thread. */
    int inFlight() {
        return inFlight;
    }

    /** Runs that wait for one; read by any thread. */
    int waiting() {
        return waiting;
    }

    /** Whether a slot is free. */
    boolean areFree() {
        return inFlight < maxSamples;
    }

    /** Whether a run takes part in rounds. */
    boolean areAtWork() {
        return inFlight > sittingOut;
    }

    /** Whether no slot is free, once those that wait have joined, as they will at the next round. */
    boolean areSpokenFor() {
        return inFlight + waiting >= maxSamples;
    }

    /** Of some calls in line those for which there is no place when the others have joined. */
    int missing(Iterable<Call> line) {
        int free = maxSamples - inFlight;
        int calls = 0;
        for (Call call : line) {
            if (free <= 0 && call.begun == 0) {
                calls++;
            }
            free -= call.runs().length - call.begun;
        }
        return calls;
    }

    @Override
    public String toString() {
        return "all places, of maxSamples " + maxSamples + ", are taken or spoken for";
    }
}
