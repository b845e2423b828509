package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.iia.FittedScheduler;
import dev.paraflux.iia.IiaCoefficients;
import dev.paraflux.json.Description;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.around.StepClipping;
import dev.paraflux.model.around.X0Clipping;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.schedule.X0Limit;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.SolverDescription;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * What coefficients were fitted for, as far as the options of the command can say it.
 *
 * @param coefficients the coefficients
 * @param file         that they were read from
 */
record FittedDefaults(IiaCoefficients coefficients, Path file) implements ModelDefaults {
    @Override
    public int steps() {
        return coefficients.steps().size();
    }

    @Override
    public Optional<SchedulerConfig> scheduler() {
        return fittedScheduler().map(scheduler -> told(() -> SchedulerConfig.parse(scheduler.settings())));
    }

    @Override
    public SchedulerConfig spaced(SchedulerConfig config) {
        return fittedScheduler().map(scheduler -> told(() -> scheduler.respaced(config))).orElse(config);
    }

    private Optional<FittedScheduler> fittedScheduler() {
        return coefficients.problem().scheduler();
    }

    /** A solver that is not the library's is the scheduler's to bring. */
    @Override
    public Solver solver(SchedulerConfig config, boolean inPipeline) {
        return told(() -> SolverDescription.solver(fittedSolver()))
                .orElseGet(() -> ModelDefaults.super.solver(config, inPipeline));
    }

    private Description fittedSolver() {
        return coefficients.problem().solver();
    }

    @Override
    public String solverAskedBy(SchedulerConfig config) {
        return this.toString();
    }

    /** What is not guided has a weight of 1. */
    GuidanceOptions guidance() {
        return told(() -> GuidanceOptions.of(coefficients.problem().model())).orElse(GuidanceOptions.weight(1));
    }

    @Override
    public GuidanceOptions guidance(ModelCard card) {
        return guidance();
    }

    X0Limit limit() {
        return told(() -> X0Clipping.limit(coefficients.problem().model()));
    }

    @Override
    public Denoiser around(Denoiser model, SchedulerConfig config, TimeGrid grid, Solver solver) {
        return StepClipping.isPartOf(coefficients.problem().model())
                ? ModelDefaults.super.around(model, config, grid, solver) : X0Clipping.of(model, limit());
    }

    /** What the file says is the file's fault. */
    private <T> T told(Supplier<T> setting) {
        try {
            return setting.get();
        } catch (IllegalValueException e) {
            throw e.in(toString());
        }
    }

    /** The options that say something else than the file are refused, each by its own name and with both values. */
    void requireSame(ModelOptions asked) {
        requireSame(asked.guidance(guidance()));
        requireSame(asked.limit(limit()));
        fittedScheduler().map(FittedScheduler::config).ifPresent(fitted -> {
            requireSameGrid(asked, fitted);
            requireSameSolver(asked, fitted);
        });
    }

    private void requireSame(GuidanceOptions asked) {
        GuidanceOptions fitted = guidance();
        require(asked.weight() == fitted.weight(), "--guidance", asked.weight(), fitted.weight());
        // Without guidance the other options do nothing.
        if (asked.weight() != 1) {
            require(asked.rescale() == fitted.rescale(), "--rescale", asked.rescale(), fitted.rescale());
            require(asked.above() == fitted.above() && asked.upTo() == fitted.upTo(), "--guidance-interval",
                    interval(asked), interval(fitted));
        }
    }

    private static Object interval(GuidanceOptions options) {
        return new Plain(options.above() + "," + options.upTo());
    }

    private void requireSame(X0Limit asked) {
        X0Limit fitted = limit();
        boolean clips = Double.isNaN(asked.percentile());
        require(asked.equals(fitted), clips ? "--clip" : "--threshold", clips ? asked.most() : asked.percentile(),
                text(fitted, clips));
    }

    private static Object text(X0Limit fitted, boolean clips) {
        if (fitted.equals(X0Limit.NONE)) {
            return "left out";
        }
        boolean clipped = Double.isNaN(fitted.percentile());
        if (clips == clipped) {
            return clipped ? fitted.most() : fitted.percentile();
        }
        return "left out for " + (clipped ? "--clip " + fitted.most() : "--threshold " + fitted.percentile());
    }

    private void requireSameGrid(ModelOptions asked, SchedulerConfig fitted) {
        SchedulerConfig other = asked.scheduler(fitted);
        if (other.customSteps().orElse(steps()) == steps() && coefficients.isFor(other.grid(steps()))) {
            return;
        }
        NoiseLevel level = coefficients.problem().levels().get(0);
        String grid = "one whose grid begins at time " + level.time() + " and has the same levels";
        asked.spaced().name().ifPresent(name -> require(false, name, asked.spaced().value(), spacing(grid)));
        asked.schedulerFile().ifPresent(given -> require(false, "--scheduler", given, grid));
    }

    /** What the fit was told under the same kind of option, or what its scheduler says by itself. */
    private Object spacing(String otherwise) {
        FittedScheduler scheduler = fittedScheduler().orElseThrow();
        Optional<Object> typed = scheduler.spacing().<Object>map(spacing -> "--spacing " + spacing)
                .or(() -> scheduler.sigmas().map(sigmas -> "--sigmas " + sigmas))
                .or(() -> scheduler.steps().map(steps -> "--" + steps.kind() + " " + steps));
        String key = "timestep_spacing";
        return typed.orElseGet(() -> scheduler.settings().has(key)
                ? scheduler.settings().get(key).text() + ", which is its scheduler's " + key
                : otherwise);
    }

    private void requireSameSolver(ModelOptions asked, SchedulerConfig fitted) {
        asked.solvers().named().ifPresent(solver -> require(coefficients.isFor(solver, fitted.grid(steps())),
                asked.solvers().option(), asked.solvers().value(), solver(asked.solvers().option())));
    }

    private Object solver(String option) {
        String name = SolverName.text(fittedSolver());
        OptionalDouble eta = fittedSolver().number("eta");
        return option.equals("--solver") ? name : eta.isPresent() ? eta.getAsDouble() : "left out with solver " + name;
    }

    private void require(boolean same, String option, Object given, Object fitted) {
        if (!same) {
            throw new IllegalValueException(option, given, fitted + ", as the coefficients of " + this
                    + " were fitted; leave it out, fit again, or add --iia-force");
        }
    }

    /** A value that is shown without quotation marks. */
    private record Plain(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** As it was given. */
    @Override
    public String toString() {
        return "--iia " + file;
    }
}
