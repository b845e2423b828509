package dev.paraflux.cli.command;

import dev.paraflux.Cancellation;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.cli.option.MethodName;
import dev.paraflux.cli.option.MethodOptions;
import dev.paraflux.cli.option.OutputOptions;
import dev.paraflux.cli.option.Workload;
import dev.paraflux.cli.option.WorkloadOptions;
import dev.paraflux.cli.report.ProgressBar;
import dev.paraflux.cli.report.RunSummary;
import dev.paraflux.cli.report.SampleFiles;
import dev.paraflux.json.JsonWriter;
import dev.paraflux.method.Method;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code paraflux sample}: draws samples from a model into a picture. */
@Command(name = "sample", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        abbreviateSynopsis = true,
        description = "Draws samples from a model, by default ten digits from the demo model, into a picture.")
public final class SampleCommand implements Callable<Integer> {
    private final Cancellation interrupt;

    @Spec
    private CommandSpec spec;

    @Mixin
    private WorkloadOptions work;

    @Option(names = "--method", paramLabel = "METHOD", defaultValue = "SEQUENTIAL",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private MethodName name;

    @Mixin
    private MethodOptions settings;

    @Mixin
    private OutputOptions output;

    /** @param interrupt ends what is under way */
    public SampleCommand(Cancellation interrupt) {
        this.interrupt = interrupt;
    }

    /** What cannot be used is refused before any work, and cheap checks come before the model is loaded. */
    @Override
    public Integer call() throws IOException {
        settings.requireUsedBy(List.of(name));
        Method method = settings.method(name);
        output.check(work.files());
        SampleFiles files = new SampleFiles(output.picture(), output.array());
        work.read();
        try (Workload loaded = work.load()) {
            files.check(loaded.card());
            return finish(files, loaded.card(), run(loaded, method));
        }
    }

    private List<Sample> run(Workload loaded, Method method) {
        try (Sampler sampler = loaded.sampler(method);
                ProgressBar bar = new ProgressBar(spec.commandLine().getErr(), "")) {
            return loaded.run(sampler, interrupt, bar);
        }
    }

    /** Writes what there is to write, says how it went, and gives the exit code. */
    private int finish(SampleFiles files, ModelCard card, List<Sample> samples) throws IOException {
        RunSummary summary = RunSummary.of(name, samples);
        if (summary.hasValues()) {
            files.write(card, samples);
        }
        if (output.json()) {
            spec.commandLine().getOut().println(JsonWriter.line(summary.toMap()));
        } else if (summary.hasValues()) {
            spec.commandLine().getOut().println(files.text() + ": " + summary.sentence());
        }
        if (!summary.completed()) {
            spec.commandLine().getErr().println("paraflux: " + summary.message());
        }
        return ExitCodes.after(summary);
    }
}
