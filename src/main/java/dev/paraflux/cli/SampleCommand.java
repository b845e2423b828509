package dev.paraflux.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.model.DemoModel;
import dev.paraflux.model.Guidance;
import dev.paraflux.model.ModelCard;
import dev.paraflux.model.TorchLibrary;
import dev.paraflux.model.TorchScriptDenoiser;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code paraflux sample}: draws samples from a model into a picture. */
@Command(name = "sample", mixinStandardHelpOptions = true, versionProvider = Main.Version.class, sortOptions = false,
        abbreviateSynopsis = true,
        description = "Draws samples from a model, by default ten digits from the demo model, into a picture.")
final class SampleCommand implements Callable<Integer> {
    /** The solvers by name. */
    enum SolverName {
        DDIM, DDPM
    }

    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

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

    @Mixin
    private OutputOptions output;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of a model call. Default: one per core.")
    private Integer threads;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Give up after so many seconds of sampling.")
    private Double timeout;

    /** What cannot be used is refused before any work, and cheap checks come before the model is loaded. */
    @Override
    public Integer call() throws IOException {
        Duration limit = limit();
        Solver table = solver();
        output.check();
        wanted.read();
        SchedulerConfig override = scheduler == null ? null : SchedulerConfig.read(scheduler);
        setThreads();
        try (TorchScriptDenoiser denoiser = model == null ? DemoModel.load() : TorchScriptDenoiser.load(model)) {
            ModelCard card = denoiser.card();
            SchedulerConfig config = config(card, override);
            output.check(card);
            List<Request> requests = wanted.requests(card, steps);
            requests.forEach(request -> denoiser.requireLegal(request.condition()));
            double weight = guidance == null ? card.defaultGuidance() : guidance;
            try (Guidance guided = Guidance.of(denoiser, weight);
                    Sampler sampler = Sampler.builder(guided, config.grid(steps)).solver(table).build()) {
                List<Sample> samples = run(sampler, requests, limit);
                return finish(card, samples);
            }
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

    private void setThreads() {
        int most = Math.max(64, Runtime.getRuntime().availableProcessors());
        if (threads != null && (threads < 1 || threads > most)) {
            throw new IllegalArgumentException("--threads " + threads + ": must be 1 to " + most);
        }
        TorchLibrary.setThreads(threads == null ? Runtime.getRuntime().availableProcessors() : threads);
    }

    private SchedulerConfig config(ModelCard card, SchedulerConfig override) {
        SchedulerConfig config = override == null ? card.scheduler() : override;
        if (config.prediction() != card.scheduler().prediction()) {
            throw new IllegalArgumentException("--scheduler " + scheduler + " is for a model that predicts "
                    + config.prediction() + ": model " + card.name() + " predicts " + card.scheduler().prediction());
        }
        return spacing == null ? config : config.withSpacing(spacing);
    }

    private List<Sample> run(Sampler sampler, List<Request> requests, Duration limit) {
        RunOptions options = RunOptions.defaults().withCancellation(main.interrupt());
        options = limit == null ? options : options.withTimeout(limit);
        try (ProgressBar bar = ProgressBar.wanted() ? new ProgressBar(spec.commandLine().getErr()) : null) {
            return sampler.sample(requests, bar == null ? options : options.withListener(bar));
        } catch (IllegalArgumentException e) {
            // All that was given has been checked: this would be a fault of the program.
            throw new RuntimeException(e);
        }
    }

    /** Writes what there is to write, says how it went, and gives the exit code. */
    private int finish(ModelCard card, List<Sample> samples) throws IOException {
        RunSummary summary = RunSummary.of(samples);
        if (summary.completed()) {
            output.write(card, samples);
        }
        if (output.json()) {
            spec.commandLine().getOut().println(new ObjectMapper().writeValueAsString(summary.toMap()));
        } else if (summary.completed()) {
            spec.commandLine().getOut().println(output.files() + ": " + summary.sentence());
        }
        if (!summary.completed()) {
            spec.commandLine().getErr().println("paraflux: " + summary.message());
        }
        return switch (summary.status()) {
            case COMPLETED -> CommandLine.ExitCode.OK;
            case CANCELLED -> Main.CANCELLED;
            default -> CommandLine.ExitCode.SOFTWARE;
        };
    }
}
