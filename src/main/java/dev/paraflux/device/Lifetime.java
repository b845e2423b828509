package dev.paraflux.device;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Counts who uses a closeable thing, so that use after close and close while in use end in an exception and never in
 * freed memory. For classes that own native memory; thread-safe, allocates nothing after construction.
 *
 * <p>A thing that has taken memory ({@link #watch}) and is then forgotten raises an alarm: when it is collected without
 * having been closed, one warning is logged for each class. Nothing is freed then.
 */
public final class Lifetime {
    private static final int CLOSED = -1;
    private static final int CLOSING = -2;
    private static final long LOOK_NANOS = 50_000;
    /** The thing whose parts are being made on this thread. */
    private static final ThreadLocal<Lifetime> OWNER = new ThreadLocal<>();

    private final String name;
    private final AtomicInteger users = new AtomicInteger();
    private final Lifetime owner = OWNER.get();
    private final Throwable made = owner == null ? LeakAlarm.trace() : null;
    private volatile Thread closer;
    private volatile LeakAlarm alarm;

    /** @param name what exceptions and the alarm call the thing, for example {@code "Sampler"} */
    public Lifetime(String name) {
        this.name = name;
    }

    /** From now on the thing, or what it is a part of, holds memory: forgotten, it raises the alarm. */
    public void watch() {
        if (owner != null) {
            owner.watch();
        } else if (alarm == null) {
            setAlarm();
        }
    }

    private synchronized void setAlarm() {
        if (alarm == null && users.get() != CLOSED) {
            alarm = LeakAlarm.of(this, name, made);
        }
    }

    /**
     * Makes parts of the thing: what {@code maker} makes on this thread is closed by the thing and forgotten with it, so
     * that the thing raises the alarm for both.
     */
    public <T> T own(Supplier<T> maker) {
        Lifetime outer = OWNER.get();
        OWNER.set(this);
        try {
            return maker.get();
        } finally {
            if (outer == null) {
                OWNER.remove();
            } else {
                OWNER.set(outer);
            }
        }
    }

    /**
     * Enters a use. Every call is paired with one {@link #release()}.
     *
     * @throws IllegalStateException if the thing is closed
     */
    public void acquire() {
        int now;
        do {
            now = settled();
            requireOpen(now);
        } while (!users.compareAndSet(now, now + 1));
    }

    /**
     * Leaves a use.
     *
     * @throws IllegalStateException if there is no use to leave; the thing stays open, or closed
     */
    public void release() {
        if (users.getAndUpdate(now -> now > 0 ? now - 1 : now) <= 0) {
            throw new IllegalStateException(name + " is released more often than it was acquired");
        }
    }

    /**
     * Checks without entering a use.
     *
     * @throws IllegalStateException if the thing is closed
     */
    public void requireOpen() {
        requireOpen(settled());
    }

    /**
     * Closes. The caller frees its memory if, and only if, this returns true.
     *
     * @return true the first time, false if it was closed before
     * @throws IllegalStateException if the thing is in use; it stays open
     */
    public boolean close() {
        if (!beginClose()) {
            return false;
        }
        endClose(true);
        return true;
    }

    /**
     * Closes a thing together with something that may refuse: if {@code others} throws, the thing stays open.
     *
     * @return true the first time, false if it was closed before, and {@code others} was not run
     * @throws IllegalStateException if the thing is in use; it stays open, and {@code others} was not run
     */
    public boolean closeWith(Runnable others) {
        if (!beginClose()) {
            return false;
        }
        boolean done = false;
        try {
            others.run();
            done = true;
        } finally {
            endClose(done);
        }
        return true;
    }

    /** Keeps users waiting until {@link #endClose}; false if it is closed already. */
    boolean beginClose() {
        int now;
        do {
            now = settled();
            if (now == CLOSED) {
                return false;
            }
            if (now > 0) {
                throw new IllegalStateException(
                        name + " cannot be closed while it is in use; cancel or wait, then close");
            }
        } while (!users.compareAndSet(0, CLOSING));
        closer = Thread.currentThread();
        return true;
    }

    void endClose(boolean closed) {
        closer = null;
        users.set(closed ? CLOSED : 0);
        if (closed && alarm != null) {
            alarm.disarm();
        }
    }

    /** The number of users, or that it is closed, once another thread's attempt to close it has ended. */
    private int settled() {
        int now = users.get();
        boolean interrupted = false;
        while (now == CLOSING) {
            if (closer == Thread.currentThread()) {
                return CLOSED;
            }
            // A virtual thread that spins, or yields, may keep the only carrier from the one that it waits for.
            LockSupport.parkNanos(LOOK_NANOS);
            interrupted |= Thread.interrupted();
            now = users.get();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return now;
    }

    private void requireOpen(int now) {
        if (now == CLOSED) {
            throw new IllegalStateException(name + " is closed");
        }
    }
}
