package dev.paraflux.method;

/**
 * A way to solve the triangular system. Implementations are immutable, validated records of settings; the work of a run
 * lives in the {@link Workspace} they allocate. The loop is not theirs: the driver owns it.
 */
public interface Method {
    /**
     * Allocates everything that solving the problem takes, so that no round allocates.
     *
     * @throws IllegalArgumentException if the settings do not suit the problem
     */
    Workspace allocate(Problem problem);

    /** The memory of a run, and one {@link Solve} for each of its samples. Closed by the driver's owner. */
    interface Workspace extends AutoCloseable {
        /** The solving of one sample, 0 to the problem's samples - 1. */
        Solve solve(int sample);

        @Override
        void close();
    }
}
