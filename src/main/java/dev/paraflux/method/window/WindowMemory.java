package dev.paraflux.method.window;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Resources;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.RoundingFloor;
import dev.paraflux.method.Solve;
import dev.paraflux.solver.TriangularSystem;

/**
 * The memory of a windowed iteration: for every sample the states and predictions of the rows that are under way or
 * still looked back on, and the residuals and maps of the last rounds; in sparse rounds also what x0 rows are taken to tell.
 */
final class WindowMemory implements Method.Workspace {
    final Problem problem;
    final WindowSettings rule;
    final int window;
    /** States and predictions kept a sample; row i lies in place i mod places. */
    final int places;
    final int history;
    /** How far back a row's inputs lie at most. */
    final int reach;
    /** Of the rows' residuals, where predictions are rounded by their whole size. */
    final double[] floors;
    final Acceptance acceptance;
    final Buffer states;
    final Buffer predictions;
    final Buffer residuals;
    final Buffer maps;
    /** What x0 is taken to be predicted at every row; null where every row is evaluated. */
    final Buffer x0s;
    final Resources resources = new Resources();
    private final WindowSolve[] solves;

    WindowMemory(Problem problem, WindowSettings rule) {
        this.problem = problem;
        this.rule = rule;
        TriangularSystem system = problem.system();
        window = rule.rows(system, problem.dim());
        floors = RoundingFloor.ofRows(system);
        acceptance = Acceptance.of(rule.tolerance(), system);
        history = rule.history();
        reach = Math.max(system.stateReach(), system.predictionReach());
        // One more than are looked at, so that a row may enter in the very table that computes the next final row.
        places = Math.min(window + reach + 1, system.rows() + 1);
        try {
            states = allocate(places);
            predictions = allocate(places);
            residuals = allocate((long) window * history);
            maps = allocate((long) window * history);
            x0s = rule.sparse() == null ? null : allocate(places);
            UnrolledChain chain = new UnrolledChain(system, Math.min(rule.order(), window), rule.unrolling());
            solves = new WindowSolve[problem.samples()];
            for (int s = 0; s < solves.length; s++) {
                solves[s] = new WindowSolve(this, chain, s);
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Rows that one sample names in one round, at most: those of the window but its last one, the final row before it, and
     * where a window slides by many rows, those that its first row looks back on.
     *
     * @param window rows under way, if memory has room for them
     */
    static int mostRows(TriangularSystem system, int window) {
        int reached = Math.min(window, system.rows()) + Math.max(0, system.predictionReach() - 1);
        int evaluated = 0;
        for (int i = 0; i < system.rows(); i++) {
            evaluated += system.evaluated(i) ? 1 : 0;
        }
        return Math.min(reached, evaluated);
    }

    private Buffer allocate(long rowsPerSample) {
        return resources.allocate(problem.device(), Math.multiplyExact(rowsPerSample, problem.samples()),
                problem.dim());
    }

    @Override
    public Solve solve(int sample) {
        return solves[sample];
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
