package dev.paraflux.cli.option;

import dev.paraflux.Request;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Device;
import dev.paraflux.iia.FittedScheduler;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.Precision;
import dev.paraflux.model.around.X0Clipping;
import dev.paraflux.model.pretrained.CardedDenoiser;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.pipeline.Pipeline;
import dev.paraflux.plan.OtherSteps;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.schedule.X0Limit;
import dev.paraflux.solver.SchedulerSolver;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which model, with what around it, and which steps lead from noise to sample. */
public final class ModelOptions {
    private static final String MODEL_DEVICE = "--model-device";

    @Mixin
    private ModelFileOptions model;

    @Mixin
    private PipelineOptions pipelines;

    @Option(names = "--scheduler", paramLabel = "FILE",
            description = "scheduler_config.json. Default: the one in the model's card.")
    private Path scheduler;

    @Mixin
    private GridOptions spaced;

    @Mixin
    private SolverOptions solvers;

    @Option(names = "--steps", paramLabel = "N",
            description = "Steps. Default: ${bundle:default.steps}; of a pipeline as many as diffusers takes.")
    private Integer steps;

    @Mixin
    private GuidingOptions guiding;

    @Mixin
    private ClippingOptions clipping;

    @Mixin
    private RuntimeOptions runtime;

    @Option(names = MODEL_DEVICE, paramLabel = "NAME",
            description = "Where the model runs: cpu, or a CUDA device such as cuda:0, which takes a TorchScript model, or"
                    + " a package that AOTInductor compiled for CUDA, and libtorch's build for CUDA, best on that of"
                    + " --device, or an ONNX model and ONNX Runtime's. Default: cpu.")
    private String device;

    @Option(names = "--replicas", paramLabel = "N",
            description = "Parts of a model call that are evaluated at the same time. Default: one per core, or fewer"
                    + " threads where that is measured to be quicker; 1 with --threads.")
    private Integer replicas;

    @Mixin
    private WorkersOptions workers;

    private ModelDefaults defaults;
    private SchedulerConfig override;
    private Device where;

    /** Checks what can be checked without a model, and reads the files. */
    public void read(ModelDefaults byDefault) throws IOException {
        pipelines.read();
        workers.read();
        if (workers.given()) {
            workers.requireAlone("--pipeline", pipelines.path());
            runtime.requireNone(workers);
            workers.requireAlone("--replicas", replicas);
            workers.requireAlone(MODEL_DEVICE, device);
        }
        Typed.requireAlone(ModelFileOptions.OPTION, model.path(), "--pipeline", pipelines.path());
        defaults = byDefault;
        solvers.check();
        spaced.check();
        guiding.check();
        if (pipelines.takesGuidance()) {
            pipelines.guideBy(guiding.weightAlone());
        }
        clipping.check();
        if (scheduler != null) {
            override = Typed.file("--scheduler", scheduler, () -> solvers.read(scheduler));
        }
        Require.atLeast(1, "--steps", steps());
        where = device == null ? null : NamedDevice.of(MODEL_DEVICE, device);
        runtime.read();
        RuntimeOptions.requireThreads("--replicas", replicas);
    }

    /** Whether solver and grid suit each other shows before the model is loaded, if both are known by then. */
    public void checkSteps(BiFunction<TimeGrid, Solver, TimeGrid> part) {
        if (override != null && !override.needsSequenceLength()) {
            SchedulerConfig config = solvers.apply(override);
            Solver solver = solver(config);
            solver.system(part.apply(grid(spaced.apply(config, defaults)), solver), config.prediction());
        }
    }

    private Solver solver(SchedulerConfig config) {
        Solver solver = solvers.solver(config, defaults, pipelines.given());
        return spaced.ownTerms() ? SchedulerSolver.onOwnTerms(solver) : solver;
    }

    /** The options of prompts, which may not be given. */
    PipelineOptions pipelines() {
        return pipelines;
    }

    int steps() {
        return steps == null ? defaults.steps() : steps;
    }

    /** How many a scheduler takes: as there are custom ones, or as many as were asked for. */
    private int steps(SchedulerConfig config) {
        int count = config.customSteps().orElse(steps());
        if (steps != null && steps != count && spaced.name().isPresent()) {
            throw new IllegalValueException(spaced.name().get(), spaced.value(), "of " + steps
                    + " steps, as --steps says, or --steps left out");
        }
        return steps == null ? count : steps;
    }

    /** The options of the solver. */
    SolverOptions solvers() {
        return solvers;
    }

    /** Guidance, where what was not given is as by default. */
    GuidanceOptions guidance(GuidanceOptions byDefault) {
        return guiding.options(byDefault);
    }

    /** The range of the predicted sample, by default this one. */
    X0Limit limit(X0Limit byDefault) {
        return clipping.limit().orElse(byDefault);
    }

    /** The options of the grid. */
    GridOptions spaced() {
        return spaced;
    }

    /** The scheduler that was given, else this one, with its steps spaced. */
    SchedulerConfig scheduler(SchedulerConfig byDefault) {
        return spaced.apply(solvers.apply(override == null ? byDefault : override), defaults);
    }

    /** The scheduler's file, if one was given. */
    Optional<Path> schedulerFile() {
        return Optional.ofNullable(scheduler);
    }

    /** Where the grid comes from: the file that was given, or else the pipeline or the model's card. */
    public FittedScheduler fittedScheduler() throws IOException {
        SchedulerConfig config = override != null ? override
                : pipelines.given() ? pipelines.scheduler() : cardScheduler();
        return spaced.fitted(solvers.apply(config).json());
    }

    private SchedulerConfig cardScheduler() throws IOException {
        return SchedulerConfig.parse(model.cardJson().get("scheduler"));
    }

    /** Loads the model and checks the rest. */
    public Loaded load() throws IOException {
        return pipelines.given() ? loadPipeline()
                : workers.given() ? around(workers.connect(model), null, null)
                        : load(ModelFileOptions.OPTION, model.path(), runtime.precision());
    }

    /**
     * Loads another model in its place.
     *
     * @param other {@code --beside}: a precision of the same file, or another file
     */
    Loaded load(Beside other) throws IOException {
        return other.file() == null ? load(Beside.OPTION, model.path(), other.precision())
                : load(Beside.OPTION, other.file(), null);
    }

    private Loaded load(String option, Path file, Precision inside) throws IOException {
        return around(ModelFileOptions.load(option, file, loading(inside)), null, null);
    }

    private Loaded loadPipeline() throws IOException {
        LoadOptions loading = loading(runtime.precision());
        Pipeline pipeline = RuntimeOptions.load("--pipeline", loading, () -> pipelines.load(loading, override));
        try {
            return around(pipeline.denoiser(), pipeline, pipelines.unconditional(pipeline));
        } catch (RuntimeException | Error e) {
            pipeline.close();
            throw e;
        }
    }

    private LoadOptions loading(Precision inside) {
        return runtime.loading(inside, Optional.ofNullable(where).filter(one -> !one.isHost()));
    }

    /** The model with what is around it; without the unconditional if it is null. */
    private Loaded around(CardedDenoiser denoiser, Pipeline pipeline, Condition unconditional) {
        try {
            if (replicas != null && denoiser instanceof PretrainedDenoiser here) {
                here.setReplicas(replicas);
            }
            SchedulerConfig asked = config(denoiser.card(), solvers::apply);
            SchedulerConfig config = pipeline == null ? asked : pipeline.suited(asked);
            SchedulerConfig laid = spaced.apply(config, defaults, denoiser.card());
            TimeGrid grid = grid(laid);
            Solver solver = solver(config);
            Denoiser guided = pipelines.takesGuidance() ? denoiser
                    : guiding.around(denoiser, defaults.guidance(denoiser.card()), unconditional);
            Denoiser clipped = clipped(guided, laid, grid, solver);
            return new Loaded(denoiser, pipeline, guided, clipped.owning(), new Steps(grid, solver));
        } catch (RuntimeException | Error e) {
            denoiser.close();
            throw e;
        }
    }

    private Denoiser clipped(Denoiser guided, SchedulerConfig laid, TimeGrid grid, Solver solver) {
        return clipping.limit().map(limit -> X0Clipping.of(guided, limit))
                .orElseGet(() -> defaults.around(guided, laid, grid, solver));
    }

    /**
     * What so many steps of another solver would be.
     *
     * @throws IllegalValueException if the scheduler is none for it
     */
    OtherSteps other(Loaded loaded, SolverName name, int count) {
        SchedulerConfig config = config(loaded.card(), name::apply);
        SchedulerConfig laid = spaced.apply(config, defaults, loaded.card());
        TimeGrid grid = laid.grid(count);
        Solver named = name.solver(config);
        Solver solver = spaced.ownTerms() ? SchedulerSolver.onOwnTerms(named) : named;
        solver.system(grid, loaded.guided().prediction());
        return new OtherSteps(name.toString(), clipped(loaded.guided(), laid, grid, solver), grid, solver);
    }

    /** Takes these steps from now on, whatever was asked for; the options are to be read again. */
    void take(SolverName name, int count) {
        solvers.take(name);
        steps = count;
    }

    private TimeGrid grid(SchedulerConfig config) {
        return Typed.setting("steps", "--steps", () -> config.grid(steps(config)));
    }

    /** The files that are read, by options; null for those that are not. */
    public Map<String, Path> files() {
        Map<String, Path> files = new HashMap<>(pipelines.files());
        files.putAll(model.files());
        files.put("--scheduler", scheduler);
        return files;
    }

    /** A picture's request, guided away from what is its own where its denoiser takes a mask. */
    Request guided(Request request, Pipeline pipeline) {
        GuidanceOptions usual = defaults.guidance(pipeline.denoiser().card());
        return pipeline.folder().takesMask() && !pipeline.folder().takesGuidance() ? guiding.guided(request, usual,
                pipelines.unconditional(pipeline, request.condition())) : request;
    }

    private SchedulerConfig config(ModelCard card, UnaryOperator<SchedulerConfig> bySolver) {
        SchedulerConfig given = override == null ? defaults.scheduler().orElse(card.scheduler()) : override;
        SchedulerConfig config = bySolver.apply(given);
        if (config.prediction() != card.scheduler().prediction()) {
            throw new IllegalValueException("prediction_type", config.prediction(), card.scheduler().prediction()
                    + ", as model " + card.name() + " predicts; "
                    + (override == null ? "the solver's class reads its card so"
                            : "--scheduler " + scheduler + " says so"));
        }
        return config;
    }
}
