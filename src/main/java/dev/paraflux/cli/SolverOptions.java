package dev.paraflux.cli;

import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Solver;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which solver, where it is not to be the one that the scheduler names. */
final class SolverOptions {
    @Option(names = "--solver", paramLabel = "SOLVER", converter = SolverName.Converter.class,
            description = "${COMPLETION-CANDIDATES}. Default: the one of the scheduler's _class_name, else ddim.")
    private SolverName name;

    @Option(names = "--eta", paramLabel = "ETA", description = "Share of fresh noise in ddim, 0 to 1. Default: 0.")
    private Double eta;

    /** Checks what can be checked without a scheduler. */
    void check(int steps) {
        if (eta != null) {
            Typed.as("--eta", eta, () -> new Ddim(eta));
        }
        if (eta != null && name != null && name != SolverName.DDIM) {
            throw new IllegalArgumentException("--eta " + eta + ": only ddim has an eta, and --solver is " + name
                    + "; ddpm is ddim with eta 1");
        }
        // Fewer than one step is the grid's to refuse.
        if (name != null && steps >= 1 && steps < name.leastSteps()) {
            throw new IllegalArgumentException("--steps " + steps + ": must be " + name.leastSteps()
                    + " or more with --solver " + name);
        }
    }

    /** The solver that was asked for by name, if one was. */
    Optional<Solver> named() {
        if (eta != null) {
            return Optional.of(new Ddim(eta));
        }
        return Optional.ofNullable(name).map(SolverName::solver);
    }

    /** The option that asked for it. */
    String option() {
        return eta == null ? "--solver" : "--eta";
    }

    /** What that option was given. */
    Object value() {
        return eta == null ? name : eta;
    }

    /** The solver for a scheduler. */
    Solver solver(SchedulerConfig config, ProblemDefaults defaults) {
        Solver solver = name == null ? defaults.solver(config) : name.solver();
        if (eta != null && !(solver instanceof Ddim)) {
            throw new IllegalArgumentException("--eta " + eta + ": only ddim has an eta, and "
                    + defaults.solverAskedBy(config) + " asks for another solver; add --solver ddim");
        }
        return eta == null ? solver : new Ddim(eta);
    }
}
