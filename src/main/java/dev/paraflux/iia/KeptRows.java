package dev.paraflux.iia;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Resources;

/**
 * All states and predictions of one batch of seeds. They outlive the run that computed them, so that a later one, of a
 * system with the same first rows, can go on from there. Row 0, the noise, is not among them.
 */
final class KeptRows implements AutoCloseable {
    private final int rows;
    private final int seeds;
    private final Resources resources = new Resources();
    private Buffer states;
    private Buffer predictions;

    /**
     * @param rows  the most that a system has, row 0 included
     * @param seeds the most that a batch has
     */
    KeptRows(int rows, int seeds) {
        this.rows = rows;
        this.seeds = seeds;
    }

    /** Makes the memory where it is not there yet. */
    void allocate(Device device, int dim) {
        if (states == null) {
            predictions = resources.allocate(device, (long) rows * seeds, dim);
            states = resources.allocate(device, (long) rows * seeds, dim);
        }
    }

    Buffer states() {
        return states;
    }

    Buffer predictions() {
        return predictions;
    }

    /** Where a seed's row lies in both. The seeds of a row lie side by side, so that the model works in place. */
    int place(int row, int seed) {
        return row * seeds + seed;
    }

    /** Bytes of its rows. */
    long bytes() {
        return resources.rowBytes();
    }

    @Override
    public void close() {
        resources.close();
    }
}
