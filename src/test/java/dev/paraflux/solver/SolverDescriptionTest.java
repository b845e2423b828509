package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.json.Description;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SolverDescriptionTest {
    private static final List<Solver> ALL = List.of(new Ddim(), new Ddim(0.25), new ClippedDdim(0.5, true), new Ddpm(),
            new Euler(), new Heun(),
            new FlowHeun(), new DpmSolver2(), new DpmSolverPlusPlus2S(), new DpmSolverPlusPlus(1),
            new DpmSolverPlusPlus(3), new SdeDpmSolverPlusPlus(), new UniPc(2), new UniPc(3), new Spndm(), new Ipndm(4),
            new Plms(), new Deis(2), new StochasticHeun(40, 0.05, 50, 1.003),
            new StochasticHeun(40, 0.05, Double.POSITIVE_INFINITY, 1.003), new Ddim(0.5, true),
            new Ddpm(DdpmVariance.FIXED_LARGE), new EulerAncestral(), new Lms(3), new Kdpm2Ancestral(),
            new DpmMultistep(DpmAlgorithm.SDE_DPM_SOLVER, 2, DpmSlope.HEUN, false, true),
            new DpmSinglestep(DpmAlgorithm.DPM_SOLVER, 3, DpmSlope.HEUN, true), new CogVideoXDpm(), new Pndm(true),
            new Plms(true), new Lcm(3), new Tcd(0.5), new ConsistencySampling(), new Deis(3, true, true),
            new UniPc(3, UniPcKernel.BH1, false, false, Set.of(0, 4, 2)), new SaSolver(3, 4, false, false, 0.5, 1, 90));

    /** Files keep these: a kind or a setting that is renamed orphans what was fitted. */
    private static final Map<String, Set<String>> KINDS = new TreeMap<>(Map.ofEntries(
            Map.entry("clipped-ddim", Set.of("eta", "noiseInLastStep")),
            Map.entry("ddim", Set.of("eta", "noiseInLastStep")), Map.entry("ddpm", Set.of("variance")),
            Map.entry("euler", Set.of()),
            Map.entry("heun", Set.of()), Map.entry("flow-heun", Set.of()), Map.entry("dpm-solver-2", Set.of()),
            Map.entry("dpm-solver++-2s", Set.of()), Map.entry("dpm-solver++", Set.of("order")),
            Map.entry("sde-dpm-solver++", Set.of()),
            Map.entry("unipc", Set.of("order", "kernel", "ofSample", "lowerOrderFinal", "uncorrected")),
            Map.entry("s-pndm", Set.of()), Map.entry("ipndm", Set.of("order")),
            Map.entry("plms", Set.of("mixVelocities")),
            Map.entry("deis", Set.of("order", "lowerOrderFinal", "inFloats")), Map.entry("euler-ancestral", Set.of()),
            Map.entry("lms", Set.of("order")), Map.entry("kdpm2-ancestral", Set.of()),
            Map.entry("dpm-multistep", Set.of("algorithm", "order", "slope", "lowerOrderFinal", "eulerAtFinal")),
            Map.entry("dpm-singlestep", Set.of("algorithm", "order", "slope", "lowerOrderFinal")),
            Map.entry("cogvideox-dpm", Set.of()), Map.entry("pndm", Set.of("mixVelocities")),
            Map.entry("lcm", Set.of("timestepScaling")), Map.entry("tcd", Set.of("eta")),
            Map.entry("consistency", Set.of()),
            Map.entry("sa-solver",
                    Set.of("predictor", "corrector", "ofSample", "lowerOrderFinal", "tau", "tauFrom", "tauTo")),
            Map.entry("stochastic-heun", Set.of("churn", "churnFrom", "churnTo", "noiseScale"))));

    @Test
    void everySolverCanBeMadeAgain() {
        for (Solver solver : ALL) {
            assertEquals(Optional.of(solver), SolverDescription.solver(SolverDescription.of(solver)));
        }
    }

    @Test
    void kindsAndSettingsAreKeysOfFiles() {
        Map<String, Set<String>> kinds = new TreeMap<>();
        for (Solver solver : ALL) {
            Description description = SolverDescription.of(solver);
            kinds.merge(description.kind(), description.settings().keySet(), (one, other) -> {
                Set<String> both = new TreeSet<>(one);
                both.addAll(other);
                return both;
            });
        }
        assertEquals(KINDS, kinds);
    }

    /** A new solver has to be given its kind. */
    @Test
    void noSolverOfTheLibraryIsLeftOut() {
        Set<String> described = new TreeSet<>();
        ALL.forEach(solver -> described.add(solver.getClass().getName()));
        Set<String> solvers = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.paraflux.solver")) {
            if (type.isAssignableTo(Solver.class) && !type.isInterface()) {
                solvers.add(type.getName());
            }
        }
        assertEquals(solvers, described);
    }

    @Test
    void aSolverOfSomebodyElseIsItsClass() {
        Solver own = (grid, prediction) -> new Ddim().system(grid, prediction);
        Description description = SolverDescription.of(own);
        assertEquals(Description.of("class").with("name", getClass().getName()), description);
        assertEquals(Optional.empty(), SolverDescription.solver(description));
    }

    /** A file that is older than a setting has the solver as it was without it. */
    @Test
    void whatIsLeftOutIsAsByDefault() {
        assertEquals(Optional.of(new Ddim()), SolverDescription.solver(Description.of("ddim")));
        assertEquals(Optional.of(new StochasticHeun(3, 0, Double.POSITIVE_INFINITY, 1)),
                SolverDescription.solver(Description.of("stochastic-heun").with("churn", 3)));
    }

    @Test
    void settingsThatAreMisspeltOrIllegalAreNamed() {
        refused("ddim.etta 1.0: must be left out: there is no such setting", Description.of("ddim").with("etta", 1));
        refused("deis.order 2.5: must be a whole number of 32 bits", Description.of("deis").with("order", 2.5));
        refused("deis.order \"2\": must be a whole number of 32 bits", Description.of("deis").with("order", "2"));
        refused("ddim.eta true: must be a number", Description.of("ddim").with("eta", true));
        assertThrows(IllegalArgumentException.class,
                () -> SolverDescription.solver(Description.of("deis").with("order", 7)));
    }

    private static void refused(String message, Description description) {
        assertEquals(message, assertThrows(IllegalValueException.class, () -> SolverDescription.solver(description))
                .getMessage());
    }
}
