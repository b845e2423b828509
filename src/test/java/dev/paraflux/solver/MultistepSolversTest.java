package dev.paraflux.solver;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/** Solvers that use predictions of earlier steps, under {@link SolverContract}. */
class MultistepSolversTest {
    @Nested
    class DpmSolverPlusPlusTable extends SolverContract {
        @Override
        Solver solver() {
            return new DpmSolverPlusPlus(2);
        }
    }

    @Nested
    class DpmSolverPlusPlus3Table extends SolverContract {
        @Override
        Solver solver() {
            return new DpmSolverPlusPlus(3);
        }
    }

    @Nested
    class SdeDpmSolverPlusPlusTable extends SolverContract {
        @Override
        Solver solver() {
            return new SdeDpmSolverPlusPlus();
        }
    }

    @Nested
    class SaSolverTable extends SolverContract {
        @Override
        Solver solver() {
            return new SaSolver(2, 2, true, true);
        }

        /** What was the last step, and not corrected, is corrected where another one follows. */
        @Override
        double continuity() {
            return 0.3;
        }
    }

    @Nested
    class SaSolverOfEpsilonTable extends SolverContract {
        @Override
        Solver solver() {
            return new SaSolver(2, 3, false, true);
        }
    }

    @Nested
    class UniPcTable extends SolverContract {
        @Override
        Solver solver() {
            return new UniPc(2);
        }
    }

    @Nested
    class UniPc3Table extends SolverContract {
        @Override
        Solver solver() {
            return new UniPc(3);
        }

        /** The last two steps are of lower order, and one of them may be none. */
        @Override
        double continuity() {
            return 0.1;
        }
    }

    @Nested
    class SpndmTable extends SolverContract {
        @Override
        Solver solver() {
            return new Spndm();
        }
    }

    @Nested
    class IpndmTable extends SolverContract {
        @Override
        Solver solver() {
            return new Ipndm(4);
        }
    }

    @Nested
    class PlmsTable extends SolverContract {
        @Override
        Solver solver() {
            return new Plms();
        }

        @Override
        boolean zeroTerminalSnr() {
            return false;
        }

        /** Of two steps the first alone is Heun's, so that a step more at the start costs accuracy. */
        @Override
        double continuity() {
            return 0.15;
        }
    }

    @Nested
    class DeisTable extends SolverContract {
        @Override
        Solver solver() {
            return new Deis(2);
        }
    }

    @Nested
    class Deis3Table extends SolverContract {
        @Override
        Solver solver() {
            return new Deis(3);
        }
    }

    @Nested
    class LmsTable extends SolverContract {
        @Override
        Solver solver() {
            return new Lms(4);
        }
    }

    @Nested
    class PlmsOfVelocitiesTable extends PlmsTable {
        @Override
        Solver solver() {
            return new Plms(true);
        }
    }

    @Nested
    class PndmTable extends PlmsTable {
        @Override
        Solver solver() {
            return new Pndm();
        }

        @Override
        Map<String, SolverGrids.Family> families() {
            return Map.of("schedule", SolverGrids.families().get("schedule"));
        }

        @Override
        int leastSteps() {
            return 4;
        }
    }

    @Nested
    class PndmOfVelocitiesTable extends PndmTable {
        @Override
        Solver solver() {
            return new Pndm(true);
        }
    }

    @Nested
    class DpmSolver3Table extends SolverContract {
        @Override
        Solver solver() {
            return new DpmMultistep(DpmAlgorithm.DPM_SOLVER, 3, DpmSlope.HEUN, false, true);
        }
    }

    @Nested
    class SdeDpmSolver3PlusPlusTable extends SolverContract {
        @Override
        Solver solver() {
            return new DpmMultistep(DpmAlgorithm.SDE_DPM_SOLVER_PLUS_PLUS, 3, DpmSlope.HEUN, true, false);
        }

        /** Its third order, as published, weighs the bend of x0 with -1, which is rough where times are rounded. */
        @Override
        boolean converges() {
            return false;
        }
    }

    @Nested
    class UniPcOfEpsilonTable extends SolverContract {
        @Override
        Solver solver() {
            return new UniPc(3, UniPcKernel.BH1, false, false, Set.of(0, 4));
        }
    }

    @Nested
    class UniPcBh1Table extends SolverContract {
        @Override
        Solver solver() {
            return new UniPc(2, UniPcKernel.BH1, true, false, Set.of());
        }
    }

    @Nested
    class DeisLowerTable extends SolverContract {
        @Override
        Solver solver() {
            return new Deis(3, true);
        }
    }

    @Nested
    class CogVideoXDpmTable extends SolverContract {
        @Override
        Solver solver() {
            return new CogVideoXDpm();
        }
    }
}
