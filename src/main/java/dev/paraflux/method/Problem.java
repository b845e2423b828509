package dev.paraflux.method;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
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
    /** Checks that the buffers hold the samples' rows. */
    public Problem {
        Require.atLeast(1, "samples", samples);
        Require.atLeast(1, "dim", dim);
        requireRows("start", start, samples, dim);
        if (system.noiseRows() > 0) {
            requireRows("noise", noise, (long) samples * system.noiseRows(), dim);
        }
    }

    private static void requireRows(String name, Buffer buffer, long rows, int dim) {
        if (buffer.rows() < rows) {
            throw new IllegalValueException("rows of " + name, buffer.rows(), rows + " or more");
        }
        if (buffer.dim() != dim) {
            throw new IllegalValueException("dim of " + name, buffer.dim(), String.valueOf(dim));
        }
    }

    /** Where z_i of a sample lies in {@link #noise()}, for a row i that takes noise. */
    public int noiseRow(int sample, int row) {
        return sample * system.noiseRows() + system.noiseIndex(row);
    }
}
