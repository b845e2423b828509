package dev.paraflux.method;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.solver.TriangularSystem;

/**
 * What is to be solved: one system, for some samples, each with noise of its own.
 *
 * @param system  the equations
 * @param device  where to solve them
 * @param samples number of samples, 1 or more
 * @param dim     values in a row
 * @param start   row s is x_0 of sample s; read only
 * @param noise   the rows z_i of the samples ({@link #noiseRow}), or null if the system takes none; read only
 */
public record Problem(TriangularSystem system, Device device, int samples, int dim, Buffer start, Buffer noise) {

    /** Where z_i of a sample lies in {@link #noise()}, for a row i that takes noise. */
    public int noiseRow(int sample, int row) {
        return sample * system.noiseRows() + system.noiseIndex(row);
    }
}
