package dev.paraflux.device;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who uses a closeable thing, so that use after close and close while in use end in an exception and never in
 * freed memory. For classes that own native memory; thread-safe, allocates nothing after construction.
 */
public final class Lifetime {
    private static final int CLOSED = -1;

    private final String name;
    private final AtomicInteger users = new AtomicInteger();

    /** @param name what exceptions call the thing, for example {@code "Sampler"} */
    public Lifetime(String name) {
        this.name = name;
    }

    /**
     * Enters a use. Every call is paired with one {@link #release()}.
     *
     * @throws IllegalStateException if the thing is closed
     */
    public void acquire() {
        int now;
        do {
            now = users.get();
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
        requireOpen(users.get());
    }

    /**
     * Closes. The caller frees its memory if, and only if, this returns true.
     *
     * @return true the first time, false if it was closed before
     * @throws IllegalStateException if the thing is in use; it stays open
     */
    public boolean close() {
        if (users.compareAndSet(0, CLOSED)) {
            return true;
        }
        if (users.get() == CLOSED) {
            return false;
        }
        throw new IllegalStateException(name + " cannot be closed while it is in use; cancel or wait, then close");
    }

    private void requireOpen(int now) {
        if (now == CLOSED) {
            throw new IllegalStateException(name + " is closed");
        }
    }
}
