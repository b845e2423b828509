package dev.paraflux.iia;

import dev.paraflux.Cancellation;
import dev.paraflux.RunOptions;
import dev.paraflux.Sampler;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.SolverDescription;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * IIA, improved integration approximation (Zhang, Niwa, Kleijn, arXiv 2304.11328): fits, once for a model, a solver and
 * a grid, the factors of equation (5) that bring each step of few nearest to many fine steps across it. A corrected
 * step takes no more evaluations. For few steps on a device that is busy with one sample; with many steps there is
 * little to correct.
 *
 * <pre>{@code
 * IiaCoefficients coefficients = IiaFitter.builder(guided, card.scheduler().grid(10)).conditions(labels).fit();
 * Solver solver = coefficients.solver(new Ddim(), guided);
 * }</pre>
 *
 * <p>Step after step, from noise to sample: the factors are fitted on the calibration seeds; then held-out seeds are
 * drawn to their end with and without them, and a step stays corrected only if that brought the ends nearer to those of
 * the fine steps, by more than the standard error of the difference. So the corrected solver is never worse there than
 * its own.
 *
 * <p>Rows of one batch of seeds are in memory at a time, whatever the number of calibration seeds; where there are
 * several batches, the steps before the one that is fitted are drawn again for each. Of held-out seeds the fine samples
 * are kept.
 */
public final class IiaFitter {
    private final Builder settings;
    private final Prediction prediction;
    private final StepRows plain;
    private final FineSteps fine;
    private final int mostRows;
    private final IiaCoefficients.Problem problem;

    private IiaFitter(Builder settings) {
        this.settings = settings;
        prediction = settings.denoiser.prediction();
        plain = StepRows.of(settings.solver.checkedSystem(settings.grid, prediction), settings.grid, settings.solver);
        Solver fineSolver = settings.fineSolver == null ? settings.solver : settings.fineSolver;
        fine = settings.fineGrid == null ? FineSteps.refined(fineSolver, settings.grid, settings.fineParts)
                : FineSteps.of(fineSolver, settings.fineGrid, settings.grid);
        settings.corrections.forEach(this::requireVectors);
        settings.conditions.forEach(settings.denoiser::requireLegal);
        fine.requireSuits(prediction);
        mostRows = IntStream.rangeClosed(1, plain.steps())
                .map(step -> plain.row(step) + fine.across(step, prediction).rows() + 1).max().orElseThrow();
        int together = Math.min(settings.batch, Math.max(settings.samples, settings.heldOut));
        if ((long) mostRows * together > Integer.MAX_VALUE) {
            throw new IllegalValueException("batch", settings.batch,
                    "at most " + Integer.MAX_VALUE / mostRows + " where a seed has " + mostRows + " rows");
        }
        settings.scheduler.ifPresent(this::requireGrid);
        // Last, since a digest of the weights may take a while.
        problem = new IiaCoefficients.Problem(settings.denoiser.identity(), prediction, settings.scheduler,
                SolverDescription.of(settings.solver), settings.grid.levels(), SolverTable.of(plain.system()));
    }

    private void requireGrid(FittedScheduler scheduler) {
        List<NoiseLevel> made = scheduler.config().grid(settings.grid.steps()).levels();
        Require.that(made.equals(settings.grid.levels()), "scheduler", scheduler.settings(),
                "the one that the grid was made by");
    }

    private void requireVectors(Correction correction) {
        CorrectedTable table = new CorrectedTable(plain, correction);
        if (IntStream.rangeClosed(1, plain.steps()).allMatch(step -> table.count(step) == 0)) {
            throw new IllegalValueException("correction", correction, "one whose vectors a step of "
                    + SolverDescription.of(settings.solver) + " on " + plain.steps() + " steps has; none has these");
        }
    }

    /** Begins a fit for a model on a grid: of DDIM, with ten fine steps a step, unless set otherwise. */
    public static Builder builder(Denoiser denoiser, TimeGrid grid) {
        return new Builder(denoiser, grid);
    }

    /** The settings of a fit. */
    public static final class Builder {
        /** Most fine steps in a step. */
        public static final int MAX_FINE_STEPS = 1000;

        private final Denoiser denoiser;
        private final TimeGrid grid;
        private Optional<FittedScheduler> scheduler = Optional.empty();
        private Solver solver = new Ddim();
        private List<Correction> corrections = List.of(new Correction(CorrectionVectors.EVALUATIONS, 1));
        private int fineParts = 10;
        private TimeGrid fineGrid;
        private Solver fineSolver;
        private List<Condition> conditions = List.of(Condition.none());
        private long seed = 1_000_000;
        private int samples = 64;
        private int heldOut = 32;
        private int batch = 64;
        private double ridge;
        private boolean onCorrected = true;
        private IiaListener listener = (correction, step, steps, result) -> {};
        private Cancellation cancellation = new Cancellation();

        private Builder(Denoiser denoiser, TimeGrid grid) {
            this.denoiser = Objects.requireNonNull(denoiser, "denoiser");
            this.grid = Objects.requireNonNull(grid, "grid");
        }

        /** The solver to correct, one without noise; DDIM if not set. */
        public Builder solver(Solver newSolver) {
            Require.that(!(newSolver instanceof CorrectedSolver), "solver", newSolver,
                    "one that is not corrected yet");
            solver = Objects.requireNonNull(newSolver, "solver");
            return this;
        }

        /** The vectors to try, one or more; of several, those with the least held-out error are taken. */
        public Builder corrections(Correction... tried) {
            Require.atLeast(1, "number of corrections", tried.length);
            corrections = List.of(tried);
            return this;
        }

        /** How many fine steps lie in each step, 1 to {@value #MAX_FINE_STEPS}; 10 if not set, as in the paper. */
        public Builder fineSteps(int parts) {
            fineParts = Require.between(1, MAX_FINE_STEPS, "fineSteps", parts);
            fineGrid = null;
            return this;
        }

        /** The fine steps themselves: a grid that has all levels of the coarse one. */
        public Builder fineGrid(TimeGrid newFineGrid) {
            fineGrid = Objects.requireNonNull(newFineGrid, "fineGrid");
            return this;
        }

        /** The solver of the fine steps; if not set, the one that is corrected. */
        public Builder fineSolver(Solver newFineSolver) {
            fineSolver = Objects.requireNonNull(newFineSolver, "fineSolver");
            return this;
        }

        /**
         * Where the grid came from; not known if not set. The coefficients then tell it those who are to make the grid again.
         */
        public Builder scheduler(FittedScheduler newScheduler) {
            scheduler = Optional.of(newScheduler);
            return this;
        }

        /** The conditions that seeds are drawn with, in turn; no condition if not set. */
        public Builder conditions(List<Condition> newConditions) {
            Require.atLeast(1, "number of conditions", newConditions.size());
            conditions = List.copyOf(newConditions);
            return this;
        }

        /** The first calibration seed, 1,000,000 if not set; held-out seeds come after the last. */
        public Builder seed(long firstSeed) {
            seed = firstSeed;
            return this;
        }

        /** Number of calibration seeds, 1 or more; 64 if not set. */
        public Builder samples(int count) {
            samples = Require.atLeast(1, "samples", count);
            return this;
        }

        /** Number of held-out seeds, 2 or more; 32 if not set. */
        public Builder heldOut(int count) {
            heldOut = Require.atLeast(2, "heldOut", count);
            return this;
        }

        /**
         * Seeds whose rows are in memory at a time, 1 to {@link Sampler.Builder#MAX_BATCH}; 64 if not set. Where all of
         * them fit in, the steps before the one that is fitted are not drawn again, which may halve the time. The
         * coefficients do not depend on it, but for the rounding of models that are not batch-invariant.
         */
        public Builder batch(int seeds) {
            batch = Require.between(1, Sampler.Builder.MAX_BATCH, "batch", seeds);
            return this;
        }

        /** Adds ridge |v_c|^2 k_c^2 to the quadratic, to keep factors small that hardly matter; 0 (if not set) or more. */
        public Builder ridge(double newRidge) {
            ridge = Require.notNegative("ridge", newRidge);
            return this;
        }

        /**
         * Whether a step is fitted where the corrected steps before it lead, as the paper does for unguided models, or
         * where the plain ones lead, as it does for guided ones; the former if not set.
         */
        public Builder onCorrected(boolean corrected) {
            onCorrected = corrected;
            return this;
        }

        /** Called after every step. */
        public Builder listener(IiaListener newListener) {
            listener = Objects.requireNonNull(newListener, "listener");
            return this;
        }

        /** Stops the fit. */
        public Builder cancellation(Cancellation newCancellation) {
            cancellation = Objects.requireNonNull(newCancellation, "cancellation");
            return this;
        }

        /**
         * Fits the coefficients. With F fine steps a step, and a solver of one evaluation a step, this takes samples N F
         * evaluations and held-out N^2 / 2 for each correction that is tried, and held-out N F once. Where the samples do
         * not fit into one batch, it takes samples N^2 / 2 more for each correction; where the held-out ones do not,
         * held-out N^2 / 2.
         *
         * @throws IllegalArgumentException if the solver, the grids, the vectors and the model do not suit each other
         * @throws IllegalStateException    if the calibration diverges: a value is not finite; or the model's file has
         *                                  changed since it was loaded
         * @throws java.util.concurrent.CancellationException if it was stopped
         */
        public IiaCoefficients fit() {
            return new IiaFitter(this).fit();
        }
    }

    private IiaCoefficients fit() {
        RunOptions options = RunOptions.defaults().withCancellation(settings.cancellation);
        SeededRuns runs = new SeededRuns(settings.denoiser, settings.grid, settings.conditions, settings.seed,
                settings.samples, settings.batch, options);
        SeededRuns others = runs.withSeeds(settings.seed + settings.samples, settings.heldOut);
        try (KeptRows kept = new KeptRows(mostRows, runs.most());
                HeldOut heldOut = new HeldOut(others, fine.whole(prediction), plain.system().rows())) {
            double[] plainErrors = heldOut.errors(plain.system(), 0);
            return settings.corrections.stream().map(correction -> fit(correction, runs, kept, heldOut, plainErrors))
                    .min(Comparator.comparingDouble(IiaCoefficients::correctedError)).orElseThrow();
        }
    }

    private IiaCoefficients fit(Correction correction, SeededRuns runs, KeptRows kept, HeldOut heldOut,
            double[] plainErrors) {
        CorrectedTable table = new CorrectedTable(plain, correction);
        double[][] none = new double[plain.steps()][0];
        double[][] factors = none.clone();
        double[] errors = plainErrors;
        int first = 0;
        List<IiaCoefficients.Step> steps = new ArrayList<>();
        for (int step = 1; step <= plain.steps(); step++) {
            IiaCoefficients.Step result = uncorrected(errors);
            if (table.count(step) > 0) {
                NormalEquations equations = new NormalEquations(table.count(step));
                TriangularSystem across = fine.across(step, prediction);
                runs.resume(table.calibration(step, settings.onCorrected ? factors : none, across), kept, first,
                        table.psi(step, across), equations, end -> {});
                NormalEquations.Solution solution = equations.solve(settings.ridge);
                factors[step - 1] = solution.factors();
                double[] after = heldOut.errorsOfCandidate(table.corrected(factors), first);
                boolean keep = Errors.fell(errors, after);
                result = new IiaCoefficients.Step(Arrays.stream(solution.factors()).boxed().toList(), solution.rank(),
                        keep,
                        equations.shareLeft(solution.factors()), Errors.rms(errors), Errors.rms(after));
                errors = keep ? after : errors;
                factors[step - 1] = keep ? solution.factors() : new double[0];
                // Rows before the step's last one stay as they are from now on.
                first = plain.row(step);
            }
            steps.add(result);
            settings.listener.onStep(correction, step, plain.steps(), result);
        }
        return new IiaCoefficients(problem, correction, calibration(), steps, Errors.rms(plainErrors),
                Errors.rms(errors));
    }

    /** A step without vectors. */
    private static IiaCoefficients.Step uncorrected(double[] errors) {
        return new IiaCoefficients.Step(List.of(), 0, false, 1, Errors.rms(errors), Errors.rms(errors));
    }

    private IiaCoefficients.Calibration calibration() {
        return new IiaCoefficients.Calibration(SolverDescription.of(fine.solver()), fine.grid().levels(),
                settings.conditions.stream().map(Condition::description).toList(), settings.seed, settings.samples,
                settings.heldOut, settings.ridge, settings.onCorrected);
    }
}
