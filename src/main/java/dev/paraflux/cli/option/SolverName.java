package dev.paraflux.cli.option;

import dev.paraflux.json.Description;
import dev.paraflux.schedule.SchedulerClass;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.Deis;
import dev.paraflux.solver.DpmAlgorithm;
import dev.paraflux.solver.DpmSinglestep;
import dev.paraflux.solver.DpmSlope;
import dev.paraflux.solver.DpmSolver2;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.DpmSolverPlusPlus2S;
import dev.paraflux.solver.Euler;
import dev.paraflux.solver.FlowHeun;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Ipndm;
import dev.paraflux.solver.Plms;
import dev.paraflux.solver.SchedulerSolver;
import dev.paraflux.solver.SdeDpmSolverPlusPlus;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.SolverDescription;
import dev.paraflux.solver.Spndm;
import dev.paraflux.solver.UniPc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The solvers by name. Most are classes of diffusers, with their grid; the others are solvers alone, on the grid that the
 * scheduler says.
 */
public enum SolverName {
    DDIM("ddim", new Ddim(), SchedulerClass.DDIM, Map.of()),
    DDPM("ddpm", new Ddpm(), SchedulerClass.DDPM, Map.of()),
    EULER("euler", new Euler(), SchedulerClass.EULER, Map.of()),
    HEUN("heun", new Heun(), SchedulerClass.HEUN, Map.of()),
    DPM_SOLVER_2("dpm-solver-2", new DpmSolver2()),
    DPMPP_2S("dpm++-2s", new DpmSinglestep(DpmAlgorithm.DPM_SOLVER_PLUS_PLUS, 2, DpmSlope.MIDPOINT, false),
            SchedulerClass.DPM_SINGLESTEP, Map.of("algorithm_type", "dpmsolver++", "solver_order", 2)),
    DPMPP_2S_MIDDLE("dpm++-2s-middle", new DpmSolverPlusPlus2S()),
    DPMPP_1("dpm++-1", new DpmSolverPlusPlus(1), SchedulerClass.DPM_MULTISTEP,
            Map.of("algorithm_type", "dpmsolver++", "solver_order", 1)),
    DPMPP_2M("dpm++-2m", new DpmSolverPlusPlus(2), SchedulerClass.DPM_MULTISTEP,
            Map.of("algorithm_type", "dpmsolver++", "solver_order", 2)),
    DPMPP_3M("dpm++-3m", new DpmSolverPlusPlus(3), SchedulerClass.DPM_MULTISTEP,
            Map.of("algorithm_type", "dpmsolver++", "solver_order", 3)),
    DPMPP_SDE_2M("dpm++-sde-2m", new SdeDpmSolverPlusPlus(), SchedulerClass.DPM_MULTISTEP,
            Map.of("algorithm_type", "sde-dpmsolver++", "solver_order", 2)),
    UNIPC_2("unipc-2", new UniPc(2), SchedulerClass.UNIPC, Map.of("solver_order", 2)),
    UNIPC_3("unipc-3", new UniPc(3), SchedulerClass.UNIPC, Map.of("solver_order", 3)),
    SPNDM("spndm", new Spndm()),
    IPNDM("ipndm", new Ipndm(4)),
    PLMS("plms", new Plms(), SchedulerClass.PNDM, Map.of("skip_prk_steps", true)),
    DEIS("deis", new Deis(3, true, true), SchedulerClass.DEIS, Map.of("solver_order", 3)),
    FLOW_HEUN("flow-heun", new FlowHeun());

    private final String text;
    private final Solver solver;
    private final SchedulerClass scheduler;
    private final Map<String, Object> keys;

    SolverName(String text, Solver solver, SchedulerClass scheduler, Map<String, Object> keys) {
        this.text = text;
        this.solver = solver;
        this.scheduler = scheduler;
        this.keys = keys;
    }

    SolverName(String text, Solver solver) {
        this(text, solver, null, Map.of());
    }

    /** The one that is written so. */
    static Optional<SolverName> named(String word) {
        return Arrays.stream(values()).filter(name -> name.text.equalsIgnoreCase(word)).findFirst();
    }

    /** The solver as it is where a file says nothing else. */
    Solver solver() {
        return solver;
    }

    /** The name of a solver that was fitted, if it has one. */
    static Optional<SolverName> of(Description fitted) {
        Optional<Solver> solver = SolverDescription.solver(fitted);
        return Arrays.stream(values()).filter(name -> solver.filter(name.solver::equals).isPresent()).findFirst();
    }

    /** The name of a solver that was fitted, or what is known of one that has none. */
    public static String text(Description fitted) {
        return of(fitted).map(SolverName::toString).orElse(fitted.toString());
    }

    /** A scheduler as one of this name's class, as X.from_config makes it; the same where the name is a solver alone. */
    SchedulerConfig apply(SchedulerConfig config) {
        return scheduler == null ? config : withKeys(config.as(scheduler));
    }

    /** The same of a file, whatever its own class is. */
    SchedulerConfig read(Path file) throws IOException {
        return scheduler == null ? SchedulerConfig.read(file) : SchedulerConfig.read(file, scheduler, keys);
    }

    private SchedulerConfig withKeys(SchedulerConfig config) {
        SchedulerConfig changed = config;
        for (Map.Entry<String, Object> key : keys.entrySet()) {
            changed = changed.with(key.getKey(), key.getValue());
        }
        return changed;
    }

    /** The solver on a scheduler that this was applied to. */
    Solver solver(SchedulerConfig config) {
        return scheduler == null ? solver : SchedulerSolver.of(config);
    }

    /** All of them. */
    static String names() {
        return Arrays.toString(values());
    }

    /** As it is written and printed. */
    @Override
    public String toString() {
        return text;
    }

    /** Reads a name in any case; picocli's own reader would list Java's names among the legal ones as well. */
    static final class Converter implements ITypeConverter<SolverName> {
        @Override
        public SolverName convert(String word) {
            return named(word).orElseThrow(() -> new TypeConversionException("expected one of " + names()
                    + " (case-insensitive) but was '" + word + "'"));
        }
    }
}
