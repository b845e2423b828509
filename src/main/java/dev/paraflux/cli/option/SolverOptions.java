package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.solver.ClippedDdim;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.SchedulerSolver;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.Tcd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which solver, where it is not to be the one that the scheduler names. */
final class SolverOptions {
    @Option(names = "--solver", paramLabel = "SOLVER", converter = SolverName.Converter.class,
            description = "${COMPLETION-CANDIDATES}. A solver that is a class of diffusers brings its grid, its last level"
                    + " and the scale of its start noise, as X.from_config does. Default: the one of the scheduler's"
                    + " _class_name, else ddim.")
    private SolverName name;

    @Option(names = "--eta", paramLabel = "ETA",
            description = "Share of fresh noise in ddim, 0 to 1; of TCD the way beyond the next level. Default: 0, of TCD"
                    + " without --pipeline 0.3.")
    private Double eta;

    /** Checks what can be checked without a scheduler. */
    void check() {
        if (eta == null) {
            return;
        }
        Typed.as("--eta", () -> new Ddim(eta));
        if (name != null && name != SolverName.DDIM) {
            throw new IllegalValueException("--eta", eta, "left out with --solver " + name
                    + ": only ddim has an eta; ddpm is ddim with eta 1");
        }
    }

    /** Takes a solver, whatever was asked for. */
    void take(SolverName solver) {
        name = solver;
        eta = null;
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

    /** The scheduler of a file, as one of the solver's class. */
    SchedulerConfig read(Path file) throws IOException {
        return name == null ? SchedulerConfig.read(file) : name.read(file);
    }

    /** A scheduler as one of the solver's class. */
    SchedulerConfig apply(SchedulerConfig config) {
        return name == null ? config : name.apply(config);
    }

    /** The solver for a scheduler that these options were applied to. */
    Solver solver(SchedulerConfig config, ModelDefaults defaults, boolean inPipeline) {
        Solver solver = name == null ? defaults.solver(config, inPipeline) : name.solver(config);
        if (eta == null) {
            return solver;
        }
        if (!(solver instanceof Ddim || solver instanceof ClippedDdim || solver instanceof Tcd)) {
            throw new IllegalValueException("--eta", eta, "left out where " + defaults.solverAskedBy(config)
                    + " asks for another solver than ddim; add --solver ddim");
        }
        return SchedulerSolver.of(config, eta);
    }
}
