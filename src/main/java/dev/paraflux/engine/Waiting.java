package dev.paraflux.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Calls that have runs waiting for a slot, in order of arrival. Guarded by the {@link Line}. */
final class Waiting {
    private final Places places;
    private final Deque<Call> calls = new ArrayDeque<>();

    Waiting(Places places) {
        this.places = places;
    }

    void add(Call call) {
        calls.add(call);
        call.inLine = true;
        places.enter(call.runs().length);
    }

    /** Those for which there is no place when the others have joined. */
    int missing() {
        return places.missing(calls);
    }

    /** Whether the first of them may join now. */
    boolean canJoin() {
        return !calls.isEmpty() && (places.areFree() || calls.peek().runs().length == 0);
    }

    /**
     * Takes out the runs that may join; a call without runs, a chore, comes alone.
     *
     * @param joining receives the runs
     * @return the chore, or null
     */
    Call join(List<Run> joining) {
        while (canJoin()) {
            Call call = calls.peek();
            if (call.runs().length == 0) {
                if (!joining.isEmpty()) {
                    return null;
                }
                leave(call);
                return call;
            }
            while (places.areFree() && call.begun < call.runs().length) {
                joining.add(call.runs()[call.begun++]);
                places.join(call);
            }
            if (call.begun == call.runs().length) {
                calls.remove();
                call.inLine = false;
            }
        }
        return null;
    }

    /** Ends those runs of a call that have yet to join; false if there is none. */
    boolean withdraw(Call call) {
        if (!call.inLine) {
            return false;
        }
        leave(call);
        for (int i = call.begun; i < call.runs().length; i++) {
            call.runs()[i].endUnbegun();
            call.begun++;
            call.ended++;
        }
        return true;
    }

    private void leave(Call call) {
        calls.remove(call);
        call.inLine = false;
        places.withdraw(call.runs().length - call.begun);
    }
}
