package dev.paraflux.examples.bulk;

import dev.paraflux.SamplerSettings;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Reason;
import dev.paraflux.check.Require;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.json.JsonValue;
import dev.paraflux.json.JsonWriter;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.solver.SchedulerSolver;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Option;

/** What can be typed, checked as far as it can be without a cluster. */
final class JobOptions {
    /** A folder of more files is slow to list, and each is a task that the driver keeps account of. */
    private static final int MOST_FILES = 100_000;

    @Option(names = "--out", required = true, paramLabel = "FOLDER",
            description = "Where the samples go: new, empty, or with samples of this very job, which is then gone on with. A"
                    + " path or URI of any file system that Hadoop knows; all machines must reach it.")
    private String out;

    @Option(names = "--seeds", required = true, paramLabel = "FIRST-LAST", converter = SeedRange.Converter.class,
            description = "One sample a seed.")
    private SeedRange seeds;

    @Option(names = "--model", paramLabel = "FILE",
            description = "A model that docs/models.md names, its card beside it; on every machine under this name. Default:"
                    + " the demo model.")
    private String model;

    @Option(names = "--labels", split = ",", paramLabel = "LABEL",
            description = "Labels of the samples, round and round. Default: all that the model has.")
    private List<Integer> labels;

    @Option(names = "--steps", paramLabel = "N",
            description = "Steps of the card's scheduler. Default: ${DEFAULT-VALUE}.")
    private int steps = 50;

    @Option(names = "--method", paramLabel = "METHOD",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private MethodWord method = MethodWord.SEQUENTIAL;

    @Option(names = "--guidance", paramLabel = "WEIGHT", description = "1 for none. Default: as the card says.")
    private Double guidance;

    @Option(names = "--at-once", paramLabel = "N",
            description = "Samples that an executor draws together, in common model calls. Default: ${DEFAULT-VALUE}.")
    private int atOnce = 64;

    @Option(names = "--replicas", paramLabel = "N",
            description = "Cores of an executor: the parts of a model call that are evaluated at the same time. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int replicas = 1;

    @Option(names = "--samples-per-file", paramLabel = "N",
            description = "Samples in a file, which is what is drawn again after a crash. Default: ${DEFAULT-VALUE}.")
    private int perFile = 1024;

    @Option(names = "--master", paramLabel = "URL",
            description = "Spark's master. Default: as spark-submit says, else local[REPLICAS].")
    private String master;

    /** Where the samples go. */
    String out() {
        return out;
    }

    /**
     * Reads the model's card and digest, and checks everything.
     *
     * @throws IOException           if a file cannot be read
     * @throws IllegalValueException if something cannot be used; it names the option
     */
    Job job() throws IOException {
        Require.that(!out.isBlank(), "--out", out, "the name of a folder");
        Require.between(1, SamplerSettings.MAX_SAMPLES, "--at-once", atOnce);
        Require.between(1, LoadOptions.mostThreads(), "--replicas", replicas);
        Require.atLeast(1, "--steps", steps);
        Require.between((seeds.count() - 1) / MOST_FILES + 1, Integer.MAX_VALUE / 2, "--samples-per-file", perFile);
        String sha256 = model == null ? DemoModel.sha256() : named(model, () -> ModelFile.sha256(Path.of(model)));
        JsonValue json = cardJson(model);
        ModelCard card = ModelCard.of(json);
        double weight = guidance == null ? card.defaultGuidance() : guidance;
        try {
            GuidanceOptions.weight(weight);
        } catch (IllegalValueException e) {
            throw e.named("--guidance");
        }
        try {
            method.method().requireSuits(SchedulerSolver.of(card.scheduler()).system(card.scheduler().grid(steps),
                    card.scheduler().prediction()), card.dim());
        } catch (IllegalValueException e) {
            throw e.name().equals("steps") ? e.named("--steps") : e;
        }
        return new Job(model, sha256, digest(json), weight, steps, method, seeds, labels(card), atOnce, replicas,
                perFile);
    }

    /** The content of a model's card. */
    static JsonValue cardJson(String model) throws IOException {
        return model == null ? DemoModel.card()
                : named(model, () -> ModelCard.json(ModelCard.beside(Path.of(model))));
    }

    /** Reads a model's file; says which option names it where that fails. */
    static <T> T named(String model, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (IOException | InvalidPathException e) {
            throw new IOException("--model " + model + ": " + Reason.of(e), e);
        }
    }

    /** What reads a file. */
    @FunctionalInterface
    interface Reading<T> {
        T read() throws IOException;
    }

    /** A digest of a card's content. */
    static String digest(JsonValue card) {
        return Job.digest(JsonWriter.line(card));
    }

    private List<Integer> labels(ModelCard card) {
        int classes = card.labels();
        if (classes == 0 && !card.inputs().isEmpty()) {
            throw new IllegalValueException("--model", card.name(), "one that takes a label or nothing; this one takes "
                    + card.inputs().stream().map(ModelInput::name).collect(Collectors.joining(", ")));
        }
        if (labels == null) {
            return IntStream.range(0, classes).boxed().collect(Collectors.toList());
        }
        Require.that(classes > 0, "--labels", labels, "left out, as model " + card.name() + " takes no label");
        Require.that(!labels.isEmpty(), "--labels", labels, "one label or more, with commas between");
        labels.forEach(label -> Require.between(0, classes - 1, "--labels", label));
        return labels;
    }

    /**
     * Spark's settings: an executor has as many cores as a model call has parts, and one task has them all, so that none
     * waits for the sampler.
     */
    SparkConf spark() {
        SparkConf conf = new SparkConf().setAppName("paraflux bulk " + seeds)
                .setIfMissing("spark.executor.cores", String.valueOf(replicas))
                .setIfMissing("spark.task.cpus", String.valueOf(replicas))
                .setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0");
        if (master == null) {
            conf.setIfMissing("spark.master", "local[" + replicas + "]");
        } else {
            conf.setMaster(master);
        }
        // Alone it listens to nobody else.
        return !conf.get("spark.master").matches("local(\\[.*)?") ? conf
                : conf.setIfMissing("spark.driver.host", "localhost").setIfMissing("spark.ui.enabled", "false")
                        .setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
}
