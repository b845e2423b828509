package dev.paraflux.method;

import dev.paraflux.solver.TriangularSystem;

/**
 * A way to solve the triangular system. Implementations are immutable, validated records of settings; the work of a run
 * lives in the {@link Workspace} they allocate. The loop is not theirs: the engine owns it.
 */
public interface Method {
    /**
     * Checks that the settings suit a system; called before anything is allocated for it.
     *
     * @param dim values in a row
     * @throws IllegalArgumentException if they do not
     */
    default void requireSuits(TriangularSystem system, int dim) {}

    /** Most rows that one sample names in one round, 1 or more. The settings suit the system. */
    int mostRows(TriangularSystem system);

    /** Allocates everything that solving the problem takes, so that no round allocates. The settings suit it. */
    Workspace allocate(Problem problem);

    /**
     * The memory of some samples, and one {@link Solve} for each. They do not depend on each other: each is begun anew
     * whenever a new sample takes its place, whatever the others do.
     */
    interface Workspace extends AutoCloseable {
        /** The solving of one sample, 0 to the problem's samples - 1; always the same object. */
        Solve solve(int sample);

        /** Bytes of its rows, outside the Java heap. */
        long bytes();

        @Override
        void close();
    }
}
