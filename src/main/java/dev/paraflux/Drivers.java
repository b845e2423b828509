package dev.paraflux;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.device.Resources;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.model.Denoiser;
import dev.paraflux.solver.TriangularSystem;

/** Makes the driver for a number of samples and keeps it for the next run of as many. Used by one thread at a time. */
final class Drivers implements AutoCloseable {
    private final TriangularSystem system;
    private final Method method;
    private final Device device;
    private final Denoiser denoiser;
    private final int maxBatch;
    private final int dim;
    private final Lifetime owner;
    private Driver driver;

    /** @param owner of the memory, which raises the alarm for it when it is forgotten */
    Drivers(TriangularSystem system, Method method, Device device, Denoiser denoiser, int maxBatch, Lifetime owner) {
        this.system = system;
        this.method = method;
        this.device = device;
        this.denoiser = denoiser;
        this.maxBatch = maxBatch;
        this.owner = owner;
        dim = denoiser.dim();
    }

    /** Whether a run of so many samples has its driver already. */
    boolean has(int samples) {
        return driver != null && driver.samples() == samples;
    }

    /** The driver for so many samples: the last one, or a new one in its place. */
    Driver of(int samples) {
        if (!has(samples)) {
            close();
            driver = owner.own(() -> allocate(samples));
        }
        return driver;
    }

    private Driver allocate(int samples) {
        Resources resources = new Resources();
        Method.Workspace workspace = null;
        try {
            Buffer start = resources.allocate(device, samples, dim);
            int noiseRows = system.noiseRows();
            Buffer noise = noiseRows == 0 ? null : resources.allocate(device, (long) samples * noiseRows, dim);
            Problem problem = new Problem(system, device, samples, dim, start, noise);
            workspace = method.allocate(problem);
            return new Driver(problem, workspace, resources, denoiser, maxBatch);
        } catch (Throwable e) {
            if (workspace != null) {
                workspace.close();
            }
            resources.close();
            throw e;
        }
    }

    /** Frees the memory after a failure, which remains what the caller hears of. */
    void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
    }

    /** Frees the memory; the next run takes some anew. */
    @Override
    public void close() {
        if (driver != null) {
            driver.close();
            driver = null;
        }
    }
}
