package dev.paraflux.solver;

import java.util.Map;
import org.junit.jupiter.api.Nested;

/** Every solver under {@link SolverContract}. */
class SolversTest {
    @Nested
    class DdimTable extends SolverContract {
        @Override
        Solver solver() {
            return new Ddim();
        }
    }

    @Nested
    class DdimWithNoiseTable extends SolverContract {
        @Override
        Solver solver() {
            return new Ddim(0.6);
        }
    }

    @Nested
    class DdpmTable extends SolverContract {
        @Override
        Solver solver() {
            return new Ddpm();
        }
    }

    @Nested
    class EulerTable extends SolverContract {
        @Override
        Solver solver() {
            return new Euler();
        }
    }

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
    class DpmSolverPlusPlus2STable extends SolverContract {
        @Override
        Solver solver() {
            return new DpmSolverPlusPlus2S();
        }
    }

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
    class PlmsTable extends HeunTable {
        @Override
        Solver solver() {
            return new Plms();
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
}
