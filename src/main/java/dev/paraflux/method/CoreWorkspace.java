package dev.paraflux.method;

import dev.paraflux.device.Buffer;

/**
 * The memory of a run of several cores: rings of states and predictions, and for each core a row for its coarse step. All
 * of it grows with the number of cores, not with that of the rows.
 */
final class CoreWorkspace implements Method.Workspace {
    final CoreMemory memory;
    /** For each core G of its last checkpoint, later what the core before corrects it by; {@link CoreMemory#lane}. */
    final Buffer coarse;
    final CorePlan plan;
    final CoreRule rule;
    private final CoreSolve[] solves;

    CoreWorkspace(Problem problem, CorePlan plan, CoreRule rule) {
        this.plan = plan;
        this.rule = rule;
        memory = new CoreMemory(problem, plan.cores());
        solves = new CoreSolve[problem.samples()];
        try {
            coarse = memory.allocate(1);
            for (int s = 0; s < solves.length; s++) {
                solves[s] = new CoreSolve(this, s);
            }
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    @Override
    public Solve solve(int sample) {
        return solves[sample];
    }

    @Override
    public long bytes() {
        return memory.bytes();
    }

    @Override
    public void close() {
        memory.close();
    }
}
