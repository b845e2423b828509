package dev.paraflux.iia;

import dev.paraflux.method.Method;
import dev.paraflux.method.OutcomeContract;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Solve;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.HeunLike;
import dev.paraflux.solver.Solver;
import java.util.List;

/** Forward substitution in rows that are kept, all the way to the sample: what every method owes of its outcome. */
class SubstitutionTest extends OutcomeContract {
    @Override
    protected Method method() {
        return InKeptRows::new;
    }

    /** Corrections are fitted to deterministic solvers. */
    @Override
    protected List<Solver> solvers() {
        return List.of(new Ddim(), new HeunLike());
    }

    @Override
    protected boolean isAlwaysExact() {
        return true;
    }

    /** The rows are the fitter's to close; here they are the run's. */
    private static final class InKeptRows implements Method.Workspace {
        private final KeptRows kept;
        private final Method.Workspace inner;

        InKeptRows(Problem problem) {
            int rows = problem.system().rows();
            kept = new KeptRows(rows + 1);
            inner = new Substitution(kept, 0, rows, null).allocate(problem);
        }

        @Override
        public Solve solve(int sample) {
            return inner.solve(sample);
        }

        @Override
        public long bytes() {
            return inner.bytes();
        }

        @Override
        public void close() {
            inner.close();
            kept.close();
        }
    }
}
