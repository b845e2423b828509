package dev.paraflux.method.window;

import dev.paraflux.method.Method;
import dev.paraflux.method.MethodContract;
import dev.paraflux.solver.DpmSolverUpTo;
import dev.paraflux.solver.Solver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** The contract, for the default settings and for those that take other ways through the code. */
class ParaTaaTest extends MethodContract {
    private static final ParaTaa TIGHT = ParaTaa.defaults().withTolerance(Tolerance.residual(0, 1e-6));

    @Override
    protected Method method() {
        return TIGHT;
    }

    /** Other settings, and one more solver: none of its rows looks back on one row alone. */
    abstract static class Settings extends MethodContract {
        @Override
        protected List<Solver> solvers() {
            List<Solver> solvers = new ArrayList<>(super.solvers());
            solvers.add(new DpmSolverUpTo(2));
            return solvers;
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
            return TIGHT.withWindow(1).withOrder(1).withHistory(1).withFirstGuess(FirstGuess.copy());
        }

        @Override
        protected double tolerance() {
            return 0;
        }
    }

    /** Smaller than what the tables look back on, and no divisor of the rows. */
    @Nested
    class ThreeRowsOfOrderTwo extends Settings {
        @Override
        protected Method method() {
            return TIGHT.withWindow(3).withOrder(2).withHistory(2);
        }
    }

    @Nested
    class TwoRowsOfOrderOne extends Settings {
        @Override
        protected Method method() {
            return TIGHT.withWindow(2).withOrder(1).withHistory(3).withRidge(0);
        }
    }

    @Nested
    class AllRowsAndTheLongestHistory extends Settings {
        @Override
        protected Method method() {
            return TIGHT.withWindow(ParaTaa.ALL).withOrder(ParaTaa.ALL).withHistory(8);
        }
    }

    @Nested
    class IntegratingFactor extends Settings {
        @Override
        protected Method method() {
            return TIGHT.withWindow(5).withOrder(4).withUnrolling(Unrolling.INTEGRATING_FACTOR);
        }
    }

    @Nested
    class FromCopies extends Settings {
        @Override
        protected Method method() {
            return TIGHT.withFirstGuess(FirstGuess.copy());
        }
    }

    @Nested
    class FromAFrozenSample extends Settings {
        @Override
        protected Method method() {
            return TIGHT.withFirstGuess(FirstGuess.frozenX0());
        }
    }

    @Nested
    class FromACoarseSweep extends Settings {
        @Override
        protected Method method() {
            return TIGHT.withFirstGuess(FirstGuess.coarse(3));
        }
    }

    /** The first guess has more steps than the window has rows. */
    @Nested
    class FromACoarseSweepInASmallWindow extends Settings {
        @Override
        protected Method method() {
            return TIGHT.withWindow(4).withOrder(3).withFirstGuess(FirstGuess.coarse(6));
        }
    }
}
