package dev.paraflux.method.core;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Resources;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Solve;
import dev.paraflux.solver.TriangularSystem;

/**
 * The memory of {@link Core}s: for each a ring of the states and predictions that its next rows look back on, where there
 * are several a row for its coarse step, and nothing of the other rows. Where rows look back on one row only, as those of
 * one-step solvers do, the cores of a sample lie side by side and the model works in place.
 */
final class CoreMemory implements Method.Workspace {
    final Problem problem;
    /** Cores a sample. */
    final int cores;
    final Buffer states;
    final Buffer predictions;
    /** For each core G of its last checkpoint, later what the core before corrects it by; null for a single core. */
    final Buffer coarse;
    private final int stateRing;
    private final int predictionRing;
    private final Resources resources = new Resources();
    private final Solve[] solves;

    /** Makes the solving of one sample in a memory. */
    interface SolveFactory {
        Solve solve(CoreMemory memory, int sample);
    }

    CoreMemory(Problem problem, int cores, SolveFactory factory) {
        this.problem = problem;
        this.cores = cores;
        TriangularSystem system = problem.system();
        // A core that starts amid the rows takes both from its first row for what lies before it.
        int reach = cores == 1 ? 1 : Math.max(system.stateReach(), system.predictionReach());
        stateRing = Math.max(reach, system.stateReach());
        predictionRing = Math.max(reach, system.predictionReach());
        solves = new Solve[problem.samples()];
        try {
            states = allocate(stateRing);
            predictions = allocate(predictionRing);
            coarse = cores == 1 ? null : allocate(1);
            for (int s = 0; s < solves.length; s++) {
                solves[s] = factory.solve(this, s);
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** So many rows for each core of each sample. */
    private Buffer allocate(int rowsPerCore) {
        return resources.allocate(problem.device(), Math.multiplyExact((long) rowsPerCore * cores, problem.samples()),
                problem.dim());
    }

    @Override
    public Solve solve(int sample) {
        return solves[sample];
    }

    /** The place of a core among all of them, which is its row in {@link #coarse}. */
    int lane(int sample, int core) {
        return sample * cores + core;
    }

    int stateRow(int lane, int i) {
        return i % stateRing * cores * problem.samples() + lane;
    }

    int predictionRow(int lane, int i) {
        return i % predictionRing * cores * problem.samples() + lane;
    }

    @Override
    public long bytes() {
        return resources.rowBytes();
    }

    @Override
    public void close() {
        resources.close();
    }
}
