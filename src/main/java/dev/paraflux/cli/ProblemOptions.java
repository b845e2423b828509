package dev.paraflux.cli;

import dev.paraflux.Request;
import dev.paraflux.model.DemoModel;
import dev.paraflux.model.Guidance;
import dev.paraflux.model.ModelCard;
import dev.paraflux.model.TorchLibrary;
import dev.paraflux.model.TorchScriptDenoiser;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what is solved, whatever the method: the model, its schedule, the solver, and the requests. */
final class ProblemOptions {
    /** The solvers by name. */
    enum SolverName {
        DDIM, DDPM
    }

    @Option(names = "--model", paramLabel = "FILE.pt",
            description = "TorchScript model, its card FILE.json beside it. Default: the demo model.")
    private Path model;

    @Option(names = "--scheduler", paramLabel = "FILE",
            description = "scheduler_config.json. Default: the one in the model's card.")
    private Path scheduler;

    @Option(names = "--spacing", paramLabel = "SPACING",
            description = "How time steps are spaced: ${COMPLETION-CANDIDATES}. Default: as the scheduler says.")
    private Spacing spacing;

    @Option(names = "--solver", paramLabel = "SOLVER", defaultValue = "DDIM",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private SolverName solver;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "25", description = "Steps. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(names = "--eta", paramLabel = "ETA", description = "Share of fresh noise in DDIM, 0 to 1. Default: 0.")
    private Double eta;

    @Option(names = "--guidance", paramLabel = "WEIGHT",
            description = "Guidance weight; 1 is none. Default: as the model's card says.")
    private Double guidance;

    @Mixin
    private RequestOptions wanted;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of a model call. Default: one per core.")
    private Integer threads;

    @Option(names = "--timeout", paramLabel = "SECONDS",
            description = "Give up a run after so many seconds of sampling.")
    private Double timeout;

    private Duration limit;
    private Solver table;
    private SchedulerConfig override;

    /** Checks what can be checked without a model, and reads the files. */
    void read() throws IOException {
        limit = limit();
        table = solver();
        wanted.read();
        override = scheduler == null ? null : SchedulerConfig.read(scheduler);
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
            TimeGrid grid = config(card).grid(steps);
            List<Request> requests = wanted.requests(card, steps);
            requests.forEach(request -> denoiser.requireLegal(request.condition()));
            Guidance guided = Guidance.of(denoiser, guidance == null ? card.defaultGuidance() : guidance);
            return new LoadedProblem(denoiser, guided, grid, table, requests, limit);
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

    private Solver solver() {
        if (solver == SolverName.DDPM) {
            if (eta != null) {
                throw new IllegalArgumentException("--eta " + eta + ": only DDIM has an eta; DDPM is DDIM with eta 1");
            }
            return new Ddpm();
        }
        return new Ddim(eta == null ? 0 : eta);
    }

    private SchedulerConfig config(ModelCard card) {
        SchedulerConfig config = override == null ? card.scheduler() : override;
        if (config.prediction() != card.scheduler().prediction()) {
            throw new IllegalArgumentException("--scheduler " + scheduler + " is for a model that predicts "
                    + config.prediction() + ": model " + card.name() + " predicts " + card.scheduler().prediction());
        }
        return spacing == null ? config : config.withSpacing(spacing);
    }
}
