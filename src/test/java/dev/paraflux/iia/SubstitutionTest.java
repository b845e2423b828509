package dev.paraflux.iia;

import dev.paraflux.method.Method;
import dev.paraflux.method.OutcomeContract;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Solve;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.HeunLike;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.Arrays;
import java.util.List;

/** Forward substitution in rows that are kept, all the way to the sample: what every method owes of its outcome. */
class SubstitutionTest extends OutcomeContract {
    @Override
    protected Method method() {
        return new Method() {
            @Override
            public int mostRows(TriangularSystem system) {
                return 1;
            }

            @Override
            public Workspace allocate(Problem problem) {
                return new InKeptRows(problem);
            }
        };
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
        private final Solve[] solves;

        InKeptRows(Problem problem) {
            int rows = problem.system().rows();
            kept = new KeptRows(rows + 1, problem.samples());
            solves = new Solve[problem.samples()];
            Arrays.setAll(solves, s -> new Substitution(kept, s, 0, rows, null).allocate(problem).solve(s));
        }

        @Override
        public Solve solve(int sample) {
            return solves[sample];
        }

        @Override
        public long bytes() {
            return kept.bytes();
        }

        @Override
        public void close() {
            kept.close();
        }
    }
}
