package dev.paraflux.method;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Resources;
import dev.paraflux.solver.TriangularSystem;

/**
 * The memory of {@link Core}s: for each a ring of the states and predictions that its next rows look back on, and
 * nothing of the other rows. Where rows look back on one row only, as those of one-step solvers do, the cores of a sample
 * lie side by side and the model works in place.
 */
final class CoreMemory implements AutoCloseable {
    final Problem problem;
    /** Cores a sample. */
    final int cores;
    final Buffer states;
    final Buffer predictions;
    private final int stateSlots;
    private final int predictionSlots;
    final Resources resources = new Resources();

    CoreMemory(Problem problem, int cores) {
        this.problem = problem;
        this.cores = cores;
        TriangularSystem system = problem.system();
        // A core that starts amid the rows takes both from its first row for what lies before it.
        int reach = cores == 1 ? 1 : Math.max(system.stateReach(), system.predictionReach());
        stateSlots = Math.max(reach, system.stateReach());
        predictionSlots = Math.max(reach, system.predictionReach());
        try {
            states = allocate(stateSlots);
            predictions = allocate(predictionSlots);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** So many rows for each core of each sample. */
    Buffer allocate(int rowsPerCore) {
        return resources.allocate(problem.device(), Math.multiplyExact((long) rowsPerCore * cores, problem.samples()),
                problem.dim());
    }

    /** The place of a core among all of them. */
    int lane(int sample, int core) {
        return sample * cores + core;
    }

    int stateRow(int lane, int i) {
        return i % stateSlots * cores * problem.samples() + lane;
    }

    int predictionRow(int lane, int i) {
        return i % predictionSlots * cores * problem.samples() + lane;
    }

    /** Bytes of all rows. */
    long bytes() {
        return resources.rowBytes();
    }

    @Override
    public void close() {
        resources.close();
    }
}
