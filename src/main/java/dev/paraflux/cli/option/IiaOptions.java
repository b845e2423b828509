package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
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
            description = "Use the coefficients for another model, solver or grid, too, one of as many steps. Results are"
                    + " unverified.")
    private boolean force;

    private IiaCoefficients coefficients;

    /** Reads the file. */
    void read() throws IOException {
        if (force && file == null) {
            throw IllegalValueException.missing("--iia", "given where --iia-force is");
        }
        coefficients = Typed.file("--iia", file, () -> IiaCoefficients.read(file));
    }

    /** Null, if none was given. */
    Path file() {
        return file;
    }

    boolean given() {
        return coefficients != null;
    }

    IiaCoefficients coefficients() {
        return coefficients;
    }

    /** What the options of the model are where they were not given; these without a file. */
    ModelDefaults defaults(ModelDefaults usual) {
        return given() ? new FittedDefaults(coefficients, file) : usual;
    }

    /** Refuses what contradicts the file, as far as that can be seen without a model. */
    void check(ModelOptions model) {
        if (!given()) {
            return;
        }
        int steps = coefficients.steps().size();
        Require.that(model.steps() == steps, "--steps", model.steps(),
                steps + ", as the coefficients of " + this + " were fitted; leave it out, or fit again");
        if (!force) {
            new FittedDefaults(coefficients, file).requireSame(model);
        }
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
        } catch (IllegalValueException e) {
            throw e.in(toString());
        }
    }

    /** As it was given. */
    @Override
    public String toString() {
        return "--iia " + file;
    }
}
