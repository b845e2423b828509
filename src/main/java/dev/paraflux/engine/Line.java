package dev.paraflux.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Who is here: the calls that are not over, in order of arrival, those of them that have runs waiting for a slot, and the
 * one thread that leads. All that threads share is in here, behind one lock that is never held for long. While somebody
 * leads, who comes to wait or is told that he is done needs no lock: all who are done with a round would stand before it
 * together.
 */
final class Line {
    private final Places places;
    private final int maxWaiting;
    private final Runnable worker;
    private final List<Call> live = new ArrayList<>();
    private final Waiting waiting;
    private volatile Thread leader;
    private volatile boolean closed;
    private boolean working;
    /** Of the leader alone. */
    private Call chore;

    /** @param worker starts a thread that leads for calls nobody waits for */
    Line(Places places, int maxWaiting, Runnable worker) {
        this.places = places;
        waiting = new Waiting(places);
        this.maxWaiting = maxWaiting;
        this.worker = worker;
    }

    /**
     * Takes a call in, at the end of the line.
     *
     * @throws IllegalStateException      if the sampler is closed, or this thread is in the middle of a round of it
     * @throws RejectedExecutionException if too many wait
     */
    synchronized void enter(Call call) {
        if (closed) {
            throw new IllegalStateException("Sampler is closed");
        }
        if (inCallback()) {
            throw new IllegalStateException(
                    "this sampler is in the middle of a run on this thread: from a listener or a"
                            + " model, use another sampler");
        }
        if (places.areSpokenFor() && waiting.missing() >= maxWaiting) {
            throw new RejectedExecutionException("the sampler is full: " + places + ", and " + waiting.missing()
                    + " calls wait, of maxWaiting " + maxWaiting + ": try again later");
        }
        waiting.add(call);
        live.add(call);
    }

    /** Whether the thread leads, or runs a listener. */
    synchronized boolean inCallback() {
        Thread thread = Thread.currentThread();
        if (leader == thread) {
            return true;
        }
        for (int i = 0; i < live.size(); i++) {
            if (live.get(i).listener == thread) {
                return true;
            }
        }
        return false;
    }

    /** Makes this thread the leader, if there is none and something to do. */
    boolean takeLead() {
        return leader == null && takeVacantLead();
    }

    private synchronized boolean takeVacantLead() {
        if (leader != null || !hasWork()) {
            return false;
        }
        leader = Thread.currentThread();
        return true;
    }

    private boolean hasWork() {
        return places.areAtWork() || waiting.canJoin();
    }

    /** Makes this thread, a worker, the leader, if there is none and something to do for a call that nobody waits for. */
    synchronized boolean takeLeadForUnattended() {
        if (leader == null && hasUnattended()) {
            leader = Thread.currentThread();
            return true;
        }
        working = false;
        return false;
    }

    /** Whether there is something to do, and a call that nobody waits for. */
    synchronized boolean hasUnattended() {
        for (int i = 0; i < live.size(); i++) {
            if (live.get(i).thread == null) {
                return hasWork();
            }
        }
        return false;
    }

    /** Nobody leads: {@link #wakeNext} follows. */
    synchronized void leaveLead() {
        leader = null;
    }

    /**
     * Sees to it that somebody leads, if there is something to do: a caller who waits, else a worker. What the start of a
     * worker fails with is thrown; nobody has been seen to then.
     */
    void wakeNext() {
        if (leader != null) {
            return;
        }
        Thread caller = waitingCaller(true);
        // Not under the lock, which he is about to ask for: the system may have him run at once, and not this thread.
        LockSupport.unpark(caller);
        if (caller != null && VirtualThreads.isOne(caller)) {
            // He runs when others leave him a carrier, which may be late: one of the system's threads may come first.
            caller = waitingCaller(false);
            LockSupport.unpark(caller);
        }
        if (caller != null || !wantsWorker()) {
            return;
        }
        try {
            worker.run();
        } catch (Throwable e) {
            synchronized (this) {
                working = false;
            }
            throw e;
        }
    }

    /** Who could lead, if nobody does and there is something to do; or null. */
    private synchronized Thread waitingCaller(boolean orVirtual) {
        if (leader != null || !hasWork()) {
            return null;
        }
        for (int i = 0; i < live.size(); i++) {
            Call call = live.get(i);
            if (call.thread != null && !call.listening && (orVirtual || !VirtualThreads.isOne(call.thread))) {
                return call.thread;
            }
        }
        return null;
    }

    private synchronized boolean wantsWorker() {
        boolean wanted = leader == null && !working && hasUnattended();
        working |= wanted;
        return wanted;
    }

    /**
     * Takes the runs that may join out of the line; a call without runs, a chore, comes alone.
     *
     * @param own       the leader's call, or null for a worker's, ...
     * @param joining   receives the runs
     * @return whether there is anything to lead for: what is own is neither over nor sits out, and there is something to do
     */
    synchronized boolean admit(Call own, List<Run> joining) {
        chore = null;
        boolean leads = own == null ? hasUnattended() : !own.done && !own.listening && hasWork();
        if (leads) {
            chore = waiting.join(joining);
        }
        return leads;
    }

    /** The chore that was admitted last, or null. */
    Call admittedChore() {
        return chore;
    }

    /** Ends those runs of a call that have yet to join; whether the call is over with that, and nobody waits for it. */
    boolean withdraw(Call call) {
        return tellIf(endsWithdrawn(call), call);
    }

    private synchronized boolean endsWithdrawn(Call call) {
        return waiting.withdraw(call) && ends(call);
    }

    /** A run has left its slot; whether its call is over with that, and nobody waits for it. */
    boolean left(Call call) {
        return tellIf(endsLeft(call), call);
    }

    private synchronized boolean endsLeft(Call call) {
        places.leave(call);
        call.ended++;
        if (call.failed()) {
            waiting.withdraw(call);
        }
        return ends(call);
    }

    /** Whether a call is over now, and was not before. */
    private synchronized boolean ends(Call call) {
        // Where a listener has yet to hear of the last round it is over after that.
        if (call.over || !call.allEnded() || call.listening || call.reportDue) {
            return false;
        }
        live.remove(call);
        call.over = true;
        return true;
    }

    /** Not under the lock, as in {@link #wakeNext}. */
    private static boolean tellIf(boolean over, Call call) {
        if (!over) {
            return false;
        }
        Thread waiter = call.thread;
        // From here on it is the caller's, who may make another one of it.
        call.done = true;
        if (waiter != Thread.currentThread()) {
            LockSupport.unpark(waiter);
        }
        return waiter == null;
    }

    /** As {@link #left}. */
    boolean choreDone(Call call) {
        return tellIf(ends(call), call);
    }

    /** From now on the call sits out, and its listener runs. */
    synchronized void beginListening(Call call) {
        call.reportDue = false;
        call.listening = true;
        call.listener = call.thread;
        places.sitOut(call);
    }

    synchronized void listensOn(Call call, Thread thread) {
        call.listener = thread;
    }

    /** The call is back; whether it is over, and nobody waits for it. */
    boolean endListening(Call call) {
        return tellIf(endsListened(call), call);
    }

    private synchronized boolean endsListened(Call call) {
        places.sitIn(call);
        call.listening = false;
        call.listener = null;
        return ends(call);
    }

    /** Refuses calls from now on; a second time nothing happens. */
    synchronized void refuseCalls() {
        closed = true;
    }

    /** Tells every call to end, and gives them for their waiting runs to be ended. */
    synchronized List<Call> giveUpAll() {
        live.forEach(Call::closing);
        return List.copyOf(live);
    }

    /** Whether nothing is under way any more. */
    synchronized boolean isEmpty() {
        return live.isEmpty() && leader == null;
    }

    /** Tells whoever closes that the line may be empty. */
    void announce() {
        if (closed) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** Waits until nothing is under way; false if so many nanoseconds were too few. */
    synchronized boolean awaitEmpty(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (!(live.isEmpty() && leader == null)) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
        return true;
    }
}
