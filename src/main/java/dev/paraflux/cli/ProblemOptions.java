package dev.paraflux.cli;

import dev.paraflux.Request;
import dev.paraflux.model.DemoModel;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.Guidance;
import dev.paraflux.model.Inpainting;
import dev.paraflux.model.ModelCard;
import dev.paraflux.model.TorchLibrary;
import dev.paraflux.model.TorchScriptDenoiser;
import dev.paraflux.model.X0Clipping;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what is solved, whatever the method: the model, its schedule, the solver, and the requests. */
final class ProblemOptions {
    @Option(names = "--model", paramLabel = "FILE.pt",
            description = "TorchScript model, its card FILE.json beside it. Default: the demo model.")
    private Path model;

    @Option(names = "--scheduler", paramLabel = "FILE",
            description = "scheduler_config.json. Default: the one in the model's card.")
    private Path scheduler;

    @Mixin
    private GridOptions spaced;

    @Mixin
    private SolverOptions solvers;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "25", description = "Steps. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Mixin
    private GuidingOptions guiding;

    @Mixin
    private ClippingOptions clipping;

    @Mixin
    private RequestOptions wanted;

    @Mixin
    private ImageOptions images;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of a model call. Default: one per core.")
    private Integer threads;

    @Option(names = "--timeout", paramLabel = "SECONDS",
            description = "Give up a run after so many seconds of sampling.")
    private Double timeout;

    private Duration limit;
    private SchedulerConfig override;

    /** Checks what can be checked without a model, and reads the files. */
    void read() throws IOException {
        limit = limit();
        solvers.check(steps);
        spaced.check();
        guiding.check();
        clipping.check();
        wanted.read();
        images.read();
        if (scheduler != null) {
            override = SchedulerConfig.read(scheduler);
            // Solver and grid are known: whether they suit each other shows before the model is loaded.
            solvers.solver(override).system(images.shorten(spaced.apply(override).grid(steps)), override.prediction());
        }
        int most = Math.max(64, Runtime.getRuntime().availableProcessors());
        if (threads != null && (threads < 1 || threads > most)) {
            throw new IllegalArgumentException("--threads " + threads + ": must be 1 to " + most);
        }
    }

    /** Loads the model and checks the rest. */
    LoadedProblem load() throws IOException {
        TorchLibrary.setThreads(threads == null ? Runtime.getRuntime().availableProcessors() : threads);
        TorchScriptDenoiser denoiser = model == null ? DemoModel.load() : TorchScriptDenoiser.load(model);
        try {
            ModelCard card = denoiser.card();
            SchedulerConfig config = config(card);
            TimeGrid grid = images.shorten(config.grid(steps));
            Solver solver = solvers.solver(config);
            int rows = solver.system(grid, denoiser.prediction()).rows();
            List<Request> requests = wanted.requests(card, rows);
            requests.forEach(request -> denoiser.requireLegal(request.condition()));
            requests = images.apply(requests, card);
            Denoiser guided = X0Clipping.of(
                    Guidance.of(denoiser, guiding.options(card.defaultGuidance())), clipping.limit(config.x0Limit()));
            Denoiser painter = images.masked() ? Inpainting.of(guided) : guided;
            return new LoadedProblem(denoiser, painter, grid, solver, requests, limit);
        } catch (RuntimeException | Error e) {
            denoiser.close();
            throw e;
        }
    }

    private Duration limit() {
        if (timeout == null) {
            return null;
        }
        if (!(timeout > 0 && timeout < 1e9)) {
            throw new IllegalArgumentException("--timeout " + timeout + ": must be above 0 and below 1e9 seconds");
        }
        return Duration.ofNanos(Math.max(1, Math.round(timeout * 1e9)));
    }

    private SchedulerConfig config(ModelCard card) {
        SchedulerConfig config = override == null ? card.scheduler() : override;
        if (config.prediction() != card.scheduler().prediction()) {
            throw new IllegalArgumentException("--scheduler " + scheduler + " is for a model that predicts "
                    + config.prediction() + ": model " + card.name() + " predicts " + card.scheduler().prediction());
        }
        return spaced.apply(config);
    }
}
