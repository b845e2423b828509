package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

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

    @Nested
    class EulerAncestralTable extends SolverContract {
        @Override
        Solver solver() {
            return new EulerAncestral();
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
    class ConsistencySamplingTable extends SolverContract {
        @Override
        Solver solver() {
            return new ConsistencySampling();
        }

        /** Its noise is not that of the data's own distribution. */
        @Override
        boolean converges() {
            return false;
        }

        @Override
        boolean standsStill() {
            return false;
        }
    }

    @Nested
    class LcmTable extends SolverContract {
        @Override
        Solver solver() {
            return new Lcm();
        }

        /** Its noise is not that of the data's own distribution. */
        @Override
        boolean converges() {
            return false;
        }

        @Override
        boolean standsStill() {
            return false;
        }
    }

    @Nested
    class TcdTable extends SolverContract {
        @Override
        Solver solver() {
            return new Tcd();
        }

        /** Its noise is not that of the data's own distribution. */
        @Override
        boolean converges() {
            return false;
        }

        @Override
        boolean standsStill() {
            return false;
        }

        @Override
        Map<String, SolverGrids.Family> families() {
            return Map.of("schedule", SolverGrids.families().get("schedule"));
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
    class Kdpm2AncestralTable extends HeunTable {
        @Override
        Solver solver() {
            return new Kdpm2Ancestral();
        }
    }

    @Nested
    class PlmsOfOutputsTable extends PlmsTable {
        @Override
        Solver solver() {
            return new Plms(true);
        }

        @Override
        boolean predictionsAgree() {
            return false;
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
    class PndmOfOutputsTable extends PndmTable {
        @Override
        Solver solver() {
            return new Pndm(true);
        }

        @Override
        boolean predictionsAgree() {
            return false;
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

    /** A solver that is not in the list above has not been held to the contract. */
    @Test
    void everySolverIsHere() throws IOException, URISyntaxException {
        Set<String> held = new TreeSet<>();
        for (Class<?> table : SolversTest.class.getDeclaredClasses()) {
            held.add(held(table).getClass().getSimpleName());
        }
        Path classes = Path.of(Solver.class.getResource("Solver.class").toURI()).getParent();
        try (var files = Files.list(classes)) {
            files.map(file -> file.getFileName().toString().replace(".class", ""))
                    .filter(name -> !name.contains("$") && !name.endsWith("-info"))
                    .filter(name -> isSolver("dev.paraflux.solver." + name))
                    .forEach(name -> assertTrue(held.contains(name), name + " is not held to SolverContract"));
        }
    }

    private Solver held(Class<?> table) {
        try {
            var constructor = table.getDeclaredConstructor(SolversTest.class);
            return ((SolverContract) constructor.newInstance(this)).solver();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isSolver(String name) {
        try {
            Class<?> found = Class.forName(name, false, Solver.class.getClassLoader());
            return Solver.class.isAssignableFrom(found) && found.isRecord();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
