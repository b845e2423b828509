package dev.paraflux.solver;

import java.util.Map;
import org.junit.jupiter.api.Nested;

/** Solvers whose steps have stages of their own, under {@link SolverContract}. */
class StagedSolversTest {
    @Nested
    class HeunTable extends SolverContract {
        @Override
        Solver solver() {
            return new Heun();
        }

        @Override
        boolean zeroTerminalSnr() {
            return false;
        }
    }

    @Nested
    class StochasticHeunTable extends HeunTable {
        @Override
        Solver solver() {
            return new StochasticHeun(2, 0.05, 10, 1);
        }

        /** Every row takes its share of churn. */
        @Override
        boolean standsStill() {
            return false;
        }
    }

    @Nested
    class FlowHeunTable extends SolverContract {
        @Override
        Solver solver() {
            return new FlowHeun();
        }

        @Override
        Map<String, SolverGrids.Family> families() {
            return Map.of("flow", SolverGrids.families().get("flow"));
        }
    }

    @Nested
    class DpmSolver2Table extends SolverContract {
        @Override
        Solver solver() {
            return new DpmSolver2();
        }
    }

    @Nested
    class Kdpm2AncestralTable extends HeunTable {
        @Override
        Solver solver() {
            return new Kdpm2Ancestral();
        }
    }

    @Nested
    class DpmSolverPlusPlus2STable extends SolverContract {
        @Override
        Solver solver() {
            return new DpmSolverPlusPlus2S();
        }
    }

    @Nested
    class SinglestepTable extends SolverContract {
        @Override
        Solver solver() {
            return new DpmSinglestep(DpmAlgorithm.DPM_SOLVER_PLUS_PLUS, 2, DpmSlope.MIDPOINT, false);
        }
    }

    @Nested
    class Singlestep3Table extends SolverContract {
        @Override
        Solver solver() {
            return new DpmSinglestep(DpmAlgorithm.DPM_SOLVER, 3, DpmSlope.HEUN, true);
        }
    }

    @Nested
    class SdeSinglestepTable extends SolverContract {
        @Override
        Solver solver() {
            return new DpmSinglestep(DpmAlgorithm.SDE_DPM_SOLVER_PLUS_PLUS, 3, DpmSlope.MIDPOINT, true);
        }

        /** Of order 1 where there is noise. */
        @Override
        double accuracy() {
            return 0.05;
        }

        /** A row more moves all groups of three, of whose noises one alone reaches the sample. */
        @Override
        boolean standsStill() {
            return false;
        }
    }
}
