package dev.paraflux.solver;

import java.util.Map;
import org.junit.jupiter.api.Nested;

/** Solvers whose steps need one prediction each, under {@link SolverContract}. */
class OneStepSolversTest {
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
    class ClippedDdimTable extends SolverContract {
        @Override
        Solver solver() {
            return new ClippedDdim(0, false);
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
    class DdpmFixedLargeTable extends SolverContract {
        @Override
        Solver solver() {
            return new Ddpm(DdpmVariance.FIXED_LARGE);
        }

        @Override
        boolean converges() {
            return false;
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
    class EulerAncestralTable extends SolverContract {
        @Override
        Solver solver() {
            return new EulerAncestral();
        }
    }

    @Nested
    class ConsistencySamplingTable extends DistilledContract {
        @Override
        Solver solver() {
            return new ConsistencySampling();
        }
    }

    @Nested
    class LcmTable extends DistilledContract {
        @Override
        Solver solver() {
            return new Lcm();
        }
    }

    @Nested
    class TcdTable extends DistilledContract {
        @Override
        Solver solver() {
            return new Tcd();
        }

        @Override
        Map<String, SolverGrids.Family> families() {
            return Map.of("schedule", SolverGrids.families().get("schedule"));
        }
    }
}
