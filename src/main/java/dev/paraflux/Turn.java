package dev.paraflux;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/** Lets one run after another have the sampler, in the order in which they lined up. */
final class Turn {
    private final Deque<Place> line = new ArrayDeque<>();
    private Thread owner;

    /** A place in the line. It is kept from the call on, also where another thread is to do the waiting. */
    static final class Place {
        private Thread waiter;
    }

    synchronized Place lineUp() {
        Place place = new Place();
        line.add(place);
        return place;
    }

    /** Whether the calling thread is in the middle of a run. */
    synchronized boolean isMine() {
        return owner == Thread.currentThread();
    }

    /**
     * Waits until the place is the first in the line and nobody has the turn. The thread then has it, until
     * {@link #leave()}.
     *
     * @return null, or how the run is to end without a turn, whose place is given up then
     */
    Status await(Place place, RunLimits limits) {
        Thread thread = Thread.currentThread();
        try {
            limits.cancellation().wake(thread);
            while (true) {
                Status stop = limits.stop();
                if (stop != null) {
                    giveUp(place);
                    return stop;
                }
                if (take(place, thread)) {
                    return null;
                }
                LockSupport.parkNanos(this, limits.remainingNanos());
            }
        } catch (Throwable e) {
            // Out of memory, say: nobody else is to wait for this place.
            giveUp(place);
            throw e;
        } finally {
            limits.cancellation().letSleep(thread);
        }
    }

    private synchronized boolean take(Place place, Thread thread) {
        place.waiter = thread;
        if (owner != null || line.peek() != place) {
            return false;
        }
        line.remove();
        owner = thread;
        return true;
    }

    /** Leaves the line without a turn. */
    synchronized void giveUp(Place place) {
        line.remove(place);
        wakeFirst();
    }

    /** Ends the turn. */
    synchronized void leave() {
        owner = null;
        wakeFirst();
    }

    private void wakeFirst() {
        if (owner == null && !line.isEmpty()) {
            // Nobody waits there yet, perhaps; whoever comes looks before parking.
            LockSupport.unpark(line.peek().waiter);
        }
    }
}
