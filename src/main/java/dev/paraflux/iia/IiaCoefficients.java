package dev.paraflux.iia;

import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The factors that correct a solver's steps, and all that they were fitted for: they hold for that model, solver and
 * grid, and for no other. Made by {@link IiaFitter}; a corrected solver works in every method.
 *
 * @param problem        what they were fitted for
 * @param correction     which vectors the factors belong to
 * @param calibration    how they were fitted
 * @param steps          of step i, 1 to N, what was found: element i - 1
 * @param plainError     root mean square of how far the solver's own samples are from the fine ones, on held-out seeds
 * @param correctedError the same of the corrected solver; no more than the plain one
 */
public record IiaCoefficients(Problem problem, Correction correction, Calibration calibration, List<Step> steps,
        double plainError, double correctedError) {

    /**
     * What coefficients hold for.
     *
     * @param model      {@link Denoiser#identity}, one entry or more
     * @param prediction what it predicts
     * @param solver     {@code toString} of the solver
     * @param levels     of its grid, N + 1, as in {@link TimeGrid}
     */
    public record Problem(List<String> model, Prediction prediction, String solver, List<NoiseLevel> levels) {
        /** Copies the lists, and checks that the levels make a grid. */
        public Problem {
            model = List.copyOf(model);
            Objects.requireNonNull(prediction, "prediction");
            Objects.requireNonNull(solver, "solver");
            levels = List.copyOf(levels);
            Legal.require(!model.isEmpty(), "model", model, "what a denoiser's identity says, one entry or more");
            Legal.requireGrid("levels", levels);
        }
    }

    /**
     * How coefficients were fitted.
     *
     * @param fineSolver  {@code toString} of the solver of the fine steps
     * @param fineLevels  of their grid, as in {@link TimeGrid}
     * @param firstSeed   of the seeds they were fitted to; the held-out ones follow
     * @param samples     number of seeds they were fitted to, 1 or more
     * @param heldOut     number of held-out seeds, 2 or more
     * @param ridge       0 or more, finite: see {@link IiaFitter.Builder#ridge}
     * @param onCorrected see {@link IiaFitter.Builder#onCorrected}
     */
    public record Calibration(String fineSolver, List<NoiseLevel> fineLevels, long firstSeed, int samples, int heldOut,
            double ridge, boolean onCorrected) {
        /** Copies the levels, and checks the numbers. */
        public Calibration {
            Objects.requireNonNull(fineSolver, "fineSolver");
            fineLevels = List.copyOf(fineLevels);
            Legal.requireGrid("fineLevels", fineLevels);
            Legal.require(samples >= 1, "samples", samples, "1 or more");
            Legal.require(heldOut >= 2, "heldOut", heldOut, "2 or more");
            Legal.requireSize("ridge", ridge);
        }
    }

    /**
     * One step.
     *
     * @param factors     one for each vector, finite; none if the step has no vectors
     * @param rank        how many of the vectors are independent, 0 to all; with fewer than all, the factors have the
     *                    least norm
     * @param kept        whether the step is corrected: whether that brought held-out samples nearer to the fine ones
     * @param left        share of the step's own error that the factors leave on the calibration seeds, 0 to 1 but for
     *                    roundings: root mean square of Psi - Phi - V k over that of Psi - Phi
     * @param errorBefore root mean square error of the held-out samples with the kept steps before this one corrected
     * @param errorAfter  the same with this step corrected too, kept or not; 1e150 if a sample became infinite
     */
    public record Step(List<Double> factors, int rank, boolean kept, double left, double errorBefore,
            double errorAfter) {
        /** Copies the factors, and checks the numbers. */
        public Step {
            factors = List.copyOf(factors);
            Legal.require(factors.stream().allMatch(Double::isFinite), "factors", factors, "finite numbers");
            Legal.require(rank >= 0 && rank <= factors.size(), "rank", rank,
                    "0 to the number of factors, " + factors.size());
            Legal.require(!kept || !factors.isEmpty(), "kept", kept, "false where there are no factors");
            Legal.requireSize("left", left);
            Legal.requireSize("errorBefore", errorBefore);
            Legal.requireSize("errorAfter", errorAfter);
        }
    }

    /** Copies the steps, and checks that they are those of the problem, and the errors. */
    public IiaCoefficients {
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(correction, "correction");
        Objects.requireNonNull(calibration, "calibration");
        steps = List.copyOf(steps);
        int needed = problem.levels().size() - 1;
        Legal.require(steps.size() == needed, "steps", steps.size() + " steps",
                needed + ", one for each level after the first");
        for (int i = 0; i < steps.size(); i++) {
            Legal.requireFactors("steps[" + i + "].factors", steps.get(i).factors(), correction);
        }
        Legal.requireSize("plainError", plainError);
        Legal.requireSize("correctedError", correctedError);
        Legal.require(correctedError <= plainError, "correctedError", correctedError,
                "no more than plainError, " + plainError);
    }

    /**
     * Reads coefficients from a file. Whatever it may say, what is read is as legal as what {@link IiaFitter} makes;
     * keys that are not known are left alone, for notes of one's own.
     *
     * @throws IOException              if it cannot be read, or is not whole JSON
     * @throws IllegalArgumentException if it is of another version, or a value is missing or illegal: it is named
     */
    public static IiaCoefficients read(Path file) throws IOException {
        return CoefficientsFile.read(file);
    }

    /**
     * Writes them, as JSON: a whole file or none. Numbers keep all their bits.
     *
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        CoefficientsFile.write(this, file);
    }

    /** The corrected solver's error on held-out seeds, as a share of the plain one's; 1 where nothing was kept. */
    public double ratio() {
        return plainError == 0 ? 1 : correctedError / plainError;
    }

    /** How many steps are corrected. */
    public int keptSteps() {
        return (int) steps.stream().filter(Step::kept).count();
    }

    /** Whether a grid has the levels that the coefficients were fitted for, but for their last bits. */
    public boolean isFor(TimeGrid grid) {
        List<NoiseLevel> levels = problem.levels();
        return grid.levels().size() == levels.size() && IntStream.range(0, levels.size())
                .allMatch(i -> Mismatch.same(levels.get(i), grid.level(i)));
    }

    /**
     * The corrected solver, on the one grid that it was fitted on.
     *
     * @param base     the solver that is corrected
     * @param denoiser the model that it will run on
     * @throws IllegalArgumentException if another solver or model was fitted: the difference is named. Its system
     *                                  is refused likewise for another grid
     * @throws IllegalStateException    if the model cannot tell who it is any more: see {@link Denoiser#identity}
     */
    public Solver solver(Solver base, Denoiser denoiser) {
        Mismatch.requireModel(problem.model(), denoiser.identity());
        Mismatch.requireSolver(problem.solver(), base);
        return new CorrectedSolver(base, this, false);
    }

    /**
     * The corrected solver, whatever it was fitted for: any model, any grid of as many steps, any solver that has the
     * vectors. Nobody has checked that it helps. Its system is refused for a grid of another number of steps, and where
     * a step has fewer vectors than factors, or more.
     */
    public Solver forcedSolver(Solver base) {
        return new CorrectedSolver(base, this, true);
    }

    /** The factors of the steps that are corrected, none for the others. */
    double[][] factors() {
        return steps.stream().map(step -> step.kept() ? step.factors() : List.<Double>of())
                .map(list -> list.stream().mapToDouble(Double::doubleValue).toArray()).toArray(double[][]::new);
    }
}
