package dev.paraflux.model.remote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Stands between rows and calls that read and write them on threads of their own: once it is released, none does. For
 * calls that have lost a race or were cancelled, and hear of it late.
 */
final class RowGuard {
    private boolean released;

    /** Work on the rows. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Copies bytes out; zeros, once it is released. */
    synchronized void read(ByteBuffer from, byte[] into, int offset, int count) {
        if (released) {
            Arrays.fill(into, offset, offset + count, (byte) 0);
            from.position(from.position() + count);
        } else {
            from.get(into, offset, count);
        }
    }

    /**
     * Works on the rows, which stay what they are meanwhile.
     *
     * @return null, with nothing done, once it is released
     */
    synchronized <T> T hold(Work<T> work) throws IOException {
        return released ? null : work.run();
    }

    /** From now on nothing touches the rows; waits for what does now. */
    synchronized void release() {
        released = true;
    }
}
