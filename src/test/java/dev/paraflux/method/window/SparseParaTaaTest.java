package dev.paraflux.method.window;

import dev.paraflux.method.Method;
import dev.paraflux.method.MethodContract;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.DpmSolverUpTo;
import dev.paraflux.solver.Solver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** The contract, for the default settings and for those that take other ways through the code. */
class SparseParaTaaTest extends MethodContract {
    private static final SparseParaTaa TIGHT = SparseParaTaa.defaults()
            .withParaTaa(ParaTaa.defaults().withWindow(ParaTaa.ALL).withTolerance(Tolerance.residual(0, 1e-6)))
            .withDensity(3);

    @Override
    protected Method method() {
        return TIGHT;
    }

    /** Other settings, and more solvers: some of whose rows look back on several rows, and some of which are not evaluated. */
    abstract static class Settings extends MethodContract {
        @Override
        protected List<Solver> solvers() {
            List<Solver> solvers = new ArrayList<>(super.solvers());
            solvers.add(new DpmSolverUpTo(2));
            solvers.add(new DpmSolverPlusPlus(2));
            return solvers;
        }

        static SparseParaTaa of(ParaTaa paraTaa) {
            return TIGHT.withParaTaa(paraTaa.withTolerance(Tolerance.residual(0, 1e-6)));
        }
    }

    /** Forward substitution by another name: its bits. */
    @Nested
    class OneRowAtATime extends Settings {
        @Override
        protected boolean isAlwaysExact() {
            return true;
        }

        @Override
        protected Method method() {
            return of(ParaTaa.defaults().withWindow(1).withHistory(1));
        }

        @Override
        protected double tolerance() {
            return 0;
        }
    }

    /** Until every row is exact. */
    @Nested
    class ToTheBit extends Settings {
        @Override
        protected Method method() {
            return TIGHT
                    .withParaTaa(ParaTaa.defaults().withWindow(ParaTaa.ALL).withTolerance(Tolerance.residual(0, 0)));
        }

        @Override
        protected double tolerance() {
            return 0;
        }
    }

    @Nested
    class FourRowsOfOrderTwo extends Settings {
        @Override
        protected Method method() {
            return of(ParaTaa.defaults().withWindow(4).withOrder(2).withHistory(2));
        }
    }

    @Nested
    class SevenRowsAndTheLongestHistory extends Settings {
        @Override
        protected Method method() {
            return of(ParaTaa.defaults().withWindow(7).withHistory(8)).withTheta(0.5).withKappa(2);
        }
    }

    /** Strides as long as they may be. */
    @Nested
    class FewestNodes extends Settings {
        @Override
        protected Method method() {
            return TIGHT.withDensity(1).withTheta(1e9).withKappa(1e-9);
        }
    }

    @Nested
    class AllNodes extends Settings {
        @Override
        protected Method method() {
            return TIGHT.withDensity(1e9);
        }
    }

    /** No more nodes than the cap, of 20 rows and more. */
    @Nested
    class Capped extends Settings {
        @Override
        protected Method method() {
            return TIGHT.withDensity(1e9).withCap(SparseParaTaa.LEAST_CAP);
        }
    }

    @Nested
    class IntegratingFactor extends Settings {
        @Override
        protected Method method() {
            return of(ParaTaa.defaults().withWindow(ParaTaa.ALL).withUnrolling(Unrolling.INTEGRATING_FACTOR)
                    .withHistory(1));
        }
    }

    @Nested
    class FromAFrozenSample extends Settings {
        @Override
        protected Method method() {
            return of(ParaTaa.defaults().withWindow(9).withFirstGuess(FirstGuess.frozenX0()));
        }
    }

    @Nested
    class FromACoarseSweep extends Settings {
        @Override
        protected Method method() {
            return of(ParaTaa.defaults().withWindow(ParaTaa.ALL).withFirstGuess(FirstGuess.coarse(3)));
        }
    }
}
