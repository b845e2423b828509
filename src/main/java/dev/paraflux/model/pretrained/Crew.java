package dev.paraflux.model.pretrained;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that help the caller of a model with the parts of its call. Whoever is free takes the next part, the caller
 * among them, so that a helper that gets no core costs nothing: what it has not begun the caller does. A helper begins
 * when it is first needed, ends when it has idled for some seconds, and is a daemon.
 *
 * <p>For one caller at a time. It refers to what it works on while it works only, so that a model which is forgotten is
 * collected.
 */
final class Crew implements AutoCloseable {
    /** Does one part of a call, while others are done on other threads. */
    @FunctionalInterface
    interface Task {
        void run(int part);
    }

    private static final String THREAD = "paraflux-model";
    private static final long IDLE_NANOS = 10_000_000_000L;
    /** Waking a thread takes about as long. */
    private static final long SPIN_NANOS = 30_000;

    private static final long LEAST_WAIT_NANOS = 200_000;

    private static final int IDLE = 0;
    private static final int CALLED = 1;
    private static final int BUSY = 2;
    private static final int ENDED = 3;

    private final Helper[] helpers;
    private final AtomicInteger next = new AtomicInteger();
    private Task task;
    private int parts;
    private int failedPart;
    private volatile Throwable failure;
    private volatile Thread waiting;
    private volatile boolean closed;
    private boolean heldUp;

    /** @param most threads at once, the caller's among them */
    Crew(int most) {
        helpers = new Helper[most - 1];
        for (int h = 0; h < helpers.length; h++) {
            helpers[h] = new Helper();
        }
    }

    /**
     * Runs a task for every part, and returns when none runs any more. An interrupt does not end it, and is kept.
     *
     * @param workers how many threads work on it, the caller's among them
     * @throws RuntimeException what the first part that failed threw; later ones may not have been run then
     */
    void run(Task asked, int count, int workers) {
        task = asked;
        parts = count;
        failure = null;
        next.set(0);
        int helping = Math.min(Math.min(workers, count) - 1, helpers.length);
        for (int h = 0; h < helping; h++) {
            helpers[h].call();
        }
        long begun = System.nanoTime();
        int own = work();
        long worked = System.nanoTime() - begun;
        boolean interrupted = false;
        for (int h = 0; h < helping; h++) {
            interrupted |= helpers[h].release();
        }
        long waited = System.nanoTime() - begun - worked;
        heldUp = own > 0 && waited > Math.max(LEAST_WAIT_NANOS, worked / own);
        waiting = null;
        task = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        rethrow();
    }

    /** Whether the caller waited for a part longer than a part took it: the helper that had it had lost its core. */
    boolean wasHeldUp() {
        return heldUp;
    }

    private void rethrow() {
        Throwable thrown = failure;
        failure = null;
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw (RuntimeException) thrown;
        }
    }

    /** The number of parts that were for this thread. */
    private int work() {
        int own = 0;
        while (failure == null) {
            int part = next.getAndIncrement();
            if (part >= parts) {
                break;
            }
            own++;
            try {
                task.run(part);
            } catch (RuntimeException | Error e) {
                fail(part, e);
            }
        }
        return own;
    }

    /** A part that was taken is run, and they are taken in order: the first that fails is the same one whoever runs it. */
    private synchronized void fail(int part, Throwable thrown) {
        if (failure == null || part < failedPart) {
            failedPart = part;
            failure = thrown;
        }
    }

    /** Ends the helpers, and returns when they have ended. Nobody calls any more. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        for (Helper helper : helpers) {
            interrupted |= helper.end();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Helper implements Runnable {
        private final AtomicInteger state = new AtomicInteger(ENDED);
        private volatile Thread thread;
        private volatile boolean parked;

        void call() {
            if (state.compareAndSet(IDLE, CALLED)) {
                if (parked) {
                    LockSupport.unpark(thread);
                }
                return;
            }
            state.set(CALLED);
            try {
                Thread begun = new Thread(this, THREAD);
                begun.setDaemon(true);
                thread = begun;
                begun.start();
            } catch (OutOfMemoryError e) {
                // There can be no more threads: the others do its work.
                state.set(ENDED);
            }
        }

        /** Waits for it, if it has begun, and says whether the caller was interrupted. */
        boolean release() {
            boolean interrupted = false;
            if (state.compareAndSet(CALLED, IDLE)) {
                return false;
            }
            long since = System.nanoTime();
            while (state.get() == BUSY) {
                if (System.nanoTime() - since < SPIN_NANOS) {
                    Thread.onSpinWait();
                    continue;
                }
                waiting = Thread.currentThread();
                if (state.get() == BUSY) {
                    LockSupport.park(Crew.this);
                }
                interrupted |= Thread.interrupted();
            }
            return interrupted;
        }

        @Override
        public void run() {
            while (awaitCall()) {
                if (state.compareAndSet(CALLED, BUSY)) {
                    work();
                    state.set(IDLE);
                    LockSupport.unpark(waiting);
                }
            }
        }

        /** False when it has ended. */
        private boolean awaitCall() {
            long since = System.nanoTime();
            while (state.get() != CALLED) {
                long idled = System.nanoTime() - since;
                if (closed || idled >= IDLE_NANOS) {
                    if (state.compareAndSet(IDLE, ENDED)) {
                        return false;
                    }
                } else if (idled < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else {
                    parked = true;
                    if (state.get() != CALLED && !closed) {
                        LockSupport.parkNanos(Crew.this, IDLE_NANOS - idled);
                    }
                    parked = false;
                    // Nobody has a reason to interrupt it; a thread that is does not park.
                    Thread.interrupted();
                }
            }
            return true;
        }

        boolean end() {
            boolean interrupted = false;
            while (thread != null && thread.isAlive()) {
                LockSupport.unpark(thread);
                try {
                    thread.join(1);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return interrupted;
        }
    }
}
