package dev.paraflux.cli;

import dev.paraflux.iia.IiaCoefficients;
import dev.paraflux.model.Denoiser;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that correct the solver's steps by what {@code paraflux fit} found. */
final class IiaOptions {
    @Option(names = "--iia", paramLabel = "FILE.json",
            description = "Correct the solver's steps by the coefficients that paraflux fit has written to this file."
                    + " Solver, steps, their spacing, guidance and clipping are then by default those of the fit.")
    private Path file;

    @Option(names = "--iia-force",
            description = "Use the coefficients for another model, solver or grid, too, one of as many steps. Nobody"
                    + " has checked that they help there.")
    private boolean force;

    private IiaCoefficients coefficients;

    /** Reads the file. */
    void read() throws IOException {
        if (force && file == null) {
            throw new IllegalArgumentException("--iia-force: needs the --iia that is to be forced");
        }
        coefficients = file == null ? null : IiaCoefficients.read(file);
    }

    boolean given() {
        return coefficients != null;
    }

    IiaCoefficients coefficients() {
        return coefficients;
    }

    /** What the options of the model are where they were not given; so many steps without a file. */
    ProblemDefaults defaults(int steps) {
        return given() ? new FittedDefaults(coefficients, file) : () -> steps;
    }

    /** Refuses what contradicts the file, as far as that can be seen without a model. */
    void check(ModelOptions model) {
        if (!given()) {
            return;
        }
        int steps = coefficients.steps().size();
        if (model.steps() != steps) {
            throw new IllegalArgumentException("--steps " + model.steps() + ": the coefficients of " + this
                    + " are for " + steps + " steps; leave --steps out, or fit them anew");
        }
        String fitted = coefficients.problem().solver();
        model.namedSolver().map(Solver::toString).filter(given -> !force && !given.equals(fitted)).ifPresent(given -> {
            throw new IllegalArgumentException("solver " + SolverName.text(given) + ": the coefficients of --iia "
                    + file + " are for " + SolverName.text(fitted)
                    + "; leave --solver and --eta out, fit them anew, or add"
                    + " --iia-force");
        });
    }

    /** The solver of these steps, corrected; the same if there is no file. */
    Steps correct(Steps plain, Denoiser denoiser) {
        if (!given()) {
            return plain;
        }
        try {
            Solver corrected = force ? coefficients.forcedSolver(plain.solver())
                    : coefficients.solver(plain.solver(), denoiser);
            corrected.system(plain.grid(), denoiser.prediction());
            return new Steps(plain.grid(), corrected);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(this + ": " + e.getMessage(), e);
        }
    }

    /** As it was given. */
    @Override
    public String toString() {
        return "--iia " + file;
    }
}
