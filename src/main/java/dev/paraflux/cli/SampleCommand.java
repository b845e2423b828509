package dev.paraflux.cli;

import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.json.JsonWriter;
import dev.paraflux.method.Method;
import dev.paraflux.model.ModelCard;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
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
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ProblemOptions problem;

    @Option(names = "--method", paramLabel = "METHOD", defaultValue = "SEQUENTIAL",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private MethodName name;

    @Mixin
    private MethodOptions settings;

    @Mixin
    private OutputOptions output;

    /** What cannot be used is refused before any work, and cheap checks come before the model is loaded. */
    @Override
    public Integer call() throws IOException {
        settings.requireUsedBy(List.of(name));
        Method method = settings.method(name);
        output.check(problem.files());
        problem.read();
        try (LoadedProblem loaded = problem.load()) {
            output.check(loaded.card());
            return finish(loaded.card(), run(loaded, method));
        }
    }

    private List<Sample> run(LoadedProblem loaded, Method method) {
        try (Sampler sampler = loaded.sampler(method);
                ProgressBar bar = new ProgressBar(spec.commandLine().getErr(), "")) {
            return loaded.run(sampler, main.interrupt(), bar);
        }
    }

    /** Writes what there is to write, says how it went, and gives the exit code. */
    private int finish(ModelCard card, List<Sample> samples) throws IOException {
        RunSummary summary = RunSummary.of(name, samples);
        if (summary.hasValues()) {
            output.write(card, samples);
        }
        if (output.json()) {
            spec.commandLine().getOut().println(JsonWriter.line(summary.toMap()));
        } else if (summary.hasValues()) {
            spec.commandLine().getOut().println(output.files() + ": " + summary.sentence());
        }
        if (!summary.completed()) {
            spec.commandLine().getErr().println("paraflux: " + summary.message());
        }
        return summary.exitCode();
    }
}
