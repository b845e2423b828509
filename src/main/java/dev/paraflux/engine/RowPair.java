package dev.paraflux.engine;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Lifetime;
import dev.paraflux.device.Resources;

/** States and predictions of a batch, as many rows as were ever needed at once; there are both or none. */
final class RowPair implements AutoCloseable {
    private final Lifetime owner;
    private final Source source;
    private Resources resources = new Resources();
    private Buffer states;
    private Buffer predictions;

    /** Takes rows. */
    interface Source {
        Buffer take(Resources from, int rows);
    }

    RowPair(Lifetime owner, Source source) {
        this.owner = owner;
        this.source = source;
    }

    /** Whether there is room for so many rows. */
    boolean holds(int count) {
        return states != null && states.rows() >= count;
    }

    /**
     * Makes room for so many rows, and for twice as many where there was too little: the largest batch may be far more than
     * a round ever has.
     *
     * @param most rows that will ever be needed
     * @throws OutOfMemoryError if there is no memory; what there was is free then
     */
    void makeRoom(int count, int most) {
        if (holds(count)) {
            return;
        }
        close();
        resources = owner.own(Resources::new);
        try {
            int rows = Math.min(most, 2 * Integer.highestOneBit(count));
            predictions = source.take(resources, rows);
            states = source.take(resources, rows);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    Buffer states() {
        return states;
    }

    Buffer predictions() {
        return predictions;
    }

    @Override
    public void close() {
        resources.close();
        states = null;
        predictions = null;
    }
}
