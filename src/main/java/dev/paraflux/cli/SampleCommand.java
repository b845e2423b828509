package dev.paraflux.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.io.AtomicFile;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.io.Npy;
import dev.paraflux.model.Condition;
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
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code paraflux sample}: draws samples from a model into a picture. */
@Command(name = "sample", mixinStandardHelpOptions = true, sortOptions = false,
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

    @Option(names = "--spacing", description = "How time steps are spaced: ${COMPLETION-CANDIDATES}."
            + " Default: as the scheduler says.")
    private Spacing spacing;

    @Option(names = "--solver", defaultValue = "DDIM",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private SolverName solver;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "50", description = "Steps. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(names = "--eta", description = "Share of fresh noise in DDIM, 0 to 1. Default: 0.")
    private Double eta;

    @Option(names = "--labels", split = ",", paramLabel = "LABEL",
            description = "What to draw. Default: the labels 0, 1, 2, ...")
    private List<Integer> labels;

    @Option(names = "--count", paramLabel = "N",
            description = "How many samples, with labels 0, 1, 2, ... round and round where the model has labels."
                    + " Default: one of each label, up to ten.")
    private Integer count;

    @Option(names = "--guidance", paramLabel = "WEIGHT",
            description = "Guidance weight; 1 is none. Default: as the model's card says.")
    private Double guidance;

    @Option(names = "--seed", defaultValue = "0",
            description = "Seed of the first sample; the next ones take the next seeds. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--noise", paramLabel = "FILE.npy", description = "Start noise, [samples, C, H, W].")
    private Path noise;

    @Option(names = "--row-noise", paramLabel = "FILE.npy",
            description = "Noise of the steps, [steps, C, H, W], shared by the samples.")
    private Path rowNoise;

    @Option(names = "--out", paramLabel = "FILE.png", defaultValue = "samples.png",
            description = "The picture. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(names = "--save", paramLabel = "FILE.npy", description = "Also save the samples, [samples, C, H, W].")
    private Path save;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of a model call. Default: one per core.")
    private Integer threads;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Give up after so many seconds of sampling.")
    private Double timeout;

    @Option(names = "--json", description = "Print one JSON object about the run.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        RunOptions options = runOptions();
        Solver table = solver();
        requireWritable();
        SchedulerConfig override = scheduler == null ? null : SchedulerConfig.read(scheduler);
        Npy start = noise == null ? null : Npy.read(noise);
        Npy rows = rowNoise == null ? null : Npy.read(rowNoise);
        TorchLibrary.setThreads(threads == null ? Runtime.getRuntime().availableProcessors() : threads);
        try (TorchScriptDenoiser denoiser = model == null ? DemoModel.load() : TorchScriptDenoiser.load(model)) {
            ModelCard card = denoiser.card();
            List<Request> requests = requests(card, start, rows);
            double weight = guidance == null ? card.defaultGuidance() : guidance;
            try (Guidance guided = Guidance.of(denoiser, weight);
                    Sampler sampler = Sampler.builder(guided, config(card, override).grid(steps)).solver(table)
                            .build()) {
                List<Sample> samples = sampler.sample(requests, options);
                return finish(card, samples);
            }
        }
    }

    private RunOptions runOptions() {
        RunOptions options = RunOptions.defaults().withCancellation(main.interrupt());
        if (timeout != null) {
            if (!(timeout > 0 && timeout < 1e9)) {
                throw new IllegalArgumentException("--timeout " + timeout + ": must be above 0 and below 1e9 seconds");
            }
            options = options.withTimeout(Duration.ofNanos(Math.max(1, Math.round(timeout * 1e9))));
        }
        return ProgressBar.wanted() ? options.withListener(new ProgressBar(spec.commandLine().getErr())) : options;
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

    private void requireWritable() throws IOException {
        AtomicFile.checkWritable(out);
        if (save != null) {
            AtomicFile.checkWritable(save);
        }
    }

    private SchedulerConfig config(ModelCard card, SchedulerConfig override) {
        SchedulerConfig config = override == null ? card.scheduler() : override;
        if (config.prediction() != card.scheduler().prediction()) {
            throw new IllegalArgumentException("--scheduler " + scheduler + " is for a model that predicts "
                    + config.prediction() + ": model " + card.name() + " predicts " + card.scheduler().prediction());
        }
        return spacing == null ? config : config.withSpacing(spacing);
    }

    private List<Request> requests(ModelCard card, Npy start, Npy rows) {
        List<Condition> conditions = conditions(card, start);
        int[] shape = card.shape().stream().mapToInt(Integer::intValue).toArray();
        int dim = shape[0] * shape[1] * shape[2];
        float[] starts = start == null
                ? null
                : start.requireShape("--noise " + noise, conditions.size(), shape[0], shape[1], shape[2]).toFloats();
        float[] shared = rows == null
                ? null
                : rows.requireShape("--row-noise " + rowNoise, steps, shape[0], shape[1], shape[2]).toFloats();
        List<Request> requests = new ArrayList<>();
        for (int s = 0; s < conditions.size(); s++) {
            float[] own = starts == null ? null : java.util.Arrays.copyOfRange(starts, s * dim, (s + 1) * dim);
            requests.add(new Request(seed + s, conditions.get(s), own, shared));
        }
        return requests;
    }

    private List<Condition> conditions(ModelCard card, Npy start) {
        if (labels != null && count != null) {
            throw new IllegalArgumentException("--labels and --count: give one of them");
        }
        if (count != null && count < 1) {
            throw new IllegalArgumentException("--count " + count + ": must be 1 or more");
        }
        boolean labelled = card.input() == ModelCard.Input.LABEL;
        if (card.input() == ModelCard.Input.EMBEDDING) {
            throw new IllegalArgumentException("model " + card.name()
                    + " takes text embeddings: sample it from Java, with a Condition.Embedding");
        }
        if (labels != null) {
            return labels.stream().map(Condition::label).toList();
        }
        int byDefault = start != null ? start.shape()[0] : labelled ? Math.min(10, card.labels()) : 10;
        int samples = count != null ? count : byDefault;
        List<Condition> conditions = new ArrayList<>();
        for (int s = 0; s < samples; s++) {
            conditions.add(labelled ? Condition.label(s % card.labels()) : Condition.none());
        }
        return conditions;
    }

    /** Writes what there is to write, says how it went, and gives the exit code. */
    private int finish(ModelCard card, List<Sample> samples) throws IOException {
        Sample failed = samples.stream().filter(sample -> !sample.status().hasValues()).findFirst().orElse(null);
        if (failed == null) {
            write(card, samples);
        }
        PrintWriter output = spec.commandLine().getOut();
        if (json) {
            output.println(new ObjectMapper().writeValueAsString(summary(samples)));
        } else if (failed == null) {
            Map<String, Object> summary = summary(samples);
            output.println(String.format(Locale.ROOT,
                    "%s: %d samples, %d rounds, %d evaluations, %.2f s (%.2f s in the model)", out, samples.size(),
                    summary.get("rounds"), summary.get("evaluations"), summary.get("seconds"),
                    summary.get("modelSeconds")));
        }
        output.flush();
        if (failed == null) {
            return CommandLine.ExitCode.OK;
        }
        spec.commandLine().getErr().println("paraflux: " + failed.message());
        return failed.status() == Status.CANCELLED ? Main.CANCELLED : CommandLine.ExitCode.SOFTWARE;
    }

    private void write(ModelCard card, List<Sample> samples) throws IOException {
        List<Integer> shape = card.shape();
        float[][] values = samples.stream().map(Sample::values).toArray(float[][]::new);
        new ImageGrid(shape.get(0), shape.get(1), shape.get(2), ImageGrid.NEAR_SQUARE, 2).writePng(out, values);
        if (save != null) {
            int dim = values[0].length;
            float[] all = new float[values.length * dim];
            for (int s = 0; s < values.length; s++) {
                System.arraycopy(values[s], 0, all, s * dim, dim);
            }
            Npy.write(save, all, values.length, shape.get(0), shape.get(1), shape.get(2));
        }
    }

    private static Map<String, Object> summary(List<Sample> samples) {
        Map<String, Object> summary = new LinkedHashMap<>();
        Status status = samples.stream().map(Sample::status).filter(s -> !s.hasValues()).findFirst()
                .orElse(samples.get(0).status());
        summary.put("status", status.name());
        summary.put("samples", samples.size());
        summary.put("rounds", samples.stream().mapToInt(s -> s.stats().rounds()).max().orElseThrow());
        summary.put("evaluations", samples.stream().mapToInt(s -> s.stats().evaluations()).sum());
        summary.put("modelRows", samples.stream().mapToInt(s -> s.stats().modelRows()).sum());
        summary.put("seconds", samples.stream().mapToDouble(s -> s.stats().seconds()).max().orElseThrow());
        summary.put("modelSeconds", samples.stream().mapToDouble(s -> s.stats().modelSeconds()).max().orElseThrow());
        return summary;
    }
}
