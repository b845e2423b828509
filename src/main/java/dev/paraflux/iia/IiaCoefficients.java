package dev.paraflux.iia;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.json.Description;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.SolverDescription;
import dev.paraflux.solver.TriangularSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
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
     * @param model      {@link Denoiser#identity}
     * @param prediction what it predicts
     * @param scheduler  where the grid came from; empty if nobody said so
     * @param solver     what {@link SolverDescription} says of the solver: to make it again, and for messages
     * @param levels     of its grid, N + 1, as in {@link TimeGrid}
     * @param table      the solver's coefficients on that grid, which tell it from others
     */
    public record Problem(ModelIdentity model, Prediction prediction, Optional<FittedScheduler> scheduler,
            Description solver, List<NoiseLevel> levels, SolverTable table) {
        /** Copies the levels, and checks that they make a grid. */
        public Problem {
            Objects.requireNonNull(model, "model");
            Objects.requireNonNull(prediction, "prediction");
            Objects.requireNonNull(scheduler, "scheduler");
            Objects.requireNonNull(solver, "solver");
            levels = List.copyOf(levels);
            requireGrid("levels", levels);
            Objects.requireNonNull(table, "table");
        }
    }

    /**
     * How coefficients were fitted.
     *
     * @param fineSolver  what {@link SolverDescription} says of the solver of the fine steps
     * @param fineLevels  of their grid, as in {@link TimeGrid}
     * @param conditions  {@link Condition#description} of those that seeds were drawn with, in turn; one or more
     * @param firstSeed   of the seeds they were fitted to; the held-out ones follow
     * @param samples     number of seeds they were fitted to, 1 or more
     * @param heldOut     number of held-out seeds, 2 or more
     * @param ridge       0 or more, finite: see {@link IiaFitter.Builder#ridge}
     * @param onCorrected see {@link IiaFitter.Builder#onCorrected}
     */
    public record Calibration(Description fineSolver, List<NoiseLevel> fineLevels, List<Description> conditions,
            long firstSeed, int samples, int heldOut, double ridge, boolean onCorrected) {
        /** Copies the lists, and checks the numbers. */
        public Calibration {
            Objects.requireNonNull(fineSolver, "fineSolver");
            fineLevels = List.copyOf(fineLevels);
            requireGrid("fineLevels", fineLevels);
            conditions = List.copyOf(conditions);
            Require.atLeast(1, "number of conditions", conditions.size());
            Require.atLeast(1, "samples", samples);
            Require.atLeast(2, "heldOut", heldOut);
            Require.notNegative("ridge", ridge);
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
            for (int c = 0; c < factors.size(); c++) {
                Require.finite("factors[" + c + "]", factors.get(c));
            }
            Require.that(rank >= 0 && rank <= factors.size(), "rank", rank,
                    "0 to the number of factors, " + factors.size());
            Require.that(!kept || !factors.isEmpty(), "kept", kept, "false where there are no factors");
            Require.notNegative("left", left);
            Require.notNegative("errorBefore", errorBefore);
            Require.notNegative("errorAfter", errorAfter);
        }
    }

    /** Copies the steps, and checks that they are those of the problem, and the errors. */
    public IiaCoefficients {
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(correction, "correction");
        Objects.requireNonNull(calibration, "calibration");
        steps = List.copyOf(steps);
        int needed = problem.levels().size() - 1;
        Require.that(steps.size() == needed, "number of steps", steps.size(),
                needed + ", one for each level after the first");
        for (int i = 0; i < steps.size(); i++) {
            requireFactors("number of steps[" + i + "].factors", steps.get(i).factors().size(), correction);
        }
        Require.notNegative("plainError", plainError);
        Require.notNegative("correctedError", correctedError);
        Require.that(correctedError <= plainError, "correctedError", correctedError,
                "no more than plainError, " + plainError);
    }

    private static void requireGrid(String name, List<NoiseLevel> levels) {
        try {
            new TimeGrid(levels);
        } catch (IllegalValueException e) {
            throw e.named(name + ": " + e.name());
        }
    }

    /** None, or as many as some step can have vectors: which one has how many, only its solver knows. */
    private static void requireFactors(String name, int found, Correction correction) {
        int[] counts = correction.vectors().counts(correction.history());
        Require.that(IntStream.of(counts).anyMatch(count -> count == found), name, found,
                IntStream.of(counts).mapToObj(String::valueOf).collect(Collectors.joining(" or ")) + " with vectors "
                        + correction);
    }

    /**
     * Reads coefficients from a file. Whatever it may say, what is read is as legal as what {@link IiaFitter} makes. Every
     * key has its meaning, but for {@code notes}.
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

    /** Whether a solver has the coefficients on a grid that the fitted one had, but for their last bits. */
    public boolean isFor(Solver solver, TimeGrid grid) {
        try {
            TriangularSystem system = solver.checkedSystem(grid, problem.prediction());
            return system.noiseRows() == 0 && problem.table().firstDifference(SolverTable.of(system)) == 0;
        } catch (IllegalArgumentException e) {
            // It does not go with the grid at all.
            return false;
        }
    }

    /**
     * The corrected solver, on the one grid that it was fitted on.
     *
     * @param base     the solver that is corrected
     * @param denoiser the model that it will run on
     * @throws IllegalArgumentException if another model was fitted: the difference is named. Its system is refused
     *                                  likewise for another grid, or where the base has other coefficients there
     * @throws IllegalStateException    if the model cannot tell who it is any more: see {@link Denoiser#identity}
     */
    public Solver solver(Solver base, Denoiser denoiser) {
        Mismatch.requireModel(problem.model(), Objects.requireNonNull(denoiser, "denoiser").identity());
        return new CorrectedSolver(base, this, false);
    }

    /**
     * The corrected solver, whatever it was fitted for: any model, any grid of as many steps, any solver that has the
     * vectors. Results are unverified. Its system is refused for a grid of another number of steps, and where
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
