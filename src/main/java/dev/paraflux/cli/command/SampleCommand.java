package dev.paraflux.cli.command;

import dev.paraflux.Cancellation;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.check.Require;
import dev.paraflux.cli.option.LikeOptions;
import dev.paraflux.cli.option.Look;
import dev.paraflux.cli.option.MethodChoice;
import dev.paraflux.cli.option.MethodName;
import dev.paraflux.cli.option.MethodOptions;
import dev.paraflux.cli.option.OutputOptions;
import dev.paraflux.cli.option.Typed;
import dev.paraflux.cli.option.Workload;
import dev.paraflux.cli.option.WorkloadOptions;
import dev.paraflux.cli.report.PlanTable;
import dev.paraflux.cli.report.ProgressBar;
import dev.paraflux.cli.report.RunSummary;
import dev.paraflux.cli.report.SampleFiles;
import dev.paraflux.cli.report.TerminalPreview;
import dev.paraflux.json.JsonWriter;
import dev.paraflux.method.Method;
import dev.paraflux.plan.SamplingPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
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

    private CommandSpec spec;

    @Mixin
    private WorkloadOptions work;

    @Option(names = "--method", paramLabel = "METHOD", converter = MethodChoice.Converter.class,
            completionCandidates = MethodChoice.Words.class,
            description = "${COMPLETION-CANDIDATES}. auto makes a plan first, as paraflux plan does, and says what it chose;"
                    + " --timeout is for what comes then. Default: sequential.")
    private MethodChoice wanted;

    @Option(names = "--plan", paramLabel = "FILE.json",
            description = "By the method of a plan that paraflux plan made for this model, these steps and this machine.")
    private Path file;

    @Mixin
    private MethodOptions settings;

    @Mixin
    private OutputOptions output;

    @Option(names = "--preview",
            description = "On a terminal, also show the samples as they come about, in 24-bit colours. With"
                    + " PARAFLUX_TERMINAL=true whatever the output is.")
    private boolean preview;

    @Mixin
    private final LikeOptions like = new LikeOptions();

    /** @param interrupt ends what is under way */
    public SampleCommand(Cancellation interrupt) {
        this.interrupt = interrupt;
    }

    /** What is not given can be as another picture's file says. */
    @Spec
    void spec(CommandSpec own) {
        spec = own;
        own.defaultValueProvider(like);
    }

    /** What cannot be used is refused before any work, and cheap checks come before the model is loaded. */
    @Override
    public Integer call() throws IOException {
        like.check();
        Require.that(file == null || wanted == null, "--method", wanted, "left out where --plan is given");
        Optional<MethodName> name = file != null ? Optional.empty()
                : wanted == null ? Optional.of(MethodName.SEQUENTIAL) : wanted.name();
        if (name.isPresent()) {
            settings.requireUsedBy(List.of(name.get()));
        } else {
            settings.requireUnused(file == null ? "--method " + wanted : "--plan " + file);
        }
        Optional<Method> method = name.map(settings::method);
        output.check(files());
        SampleFiles files = new SampleFiles(output.picture(), output.array());
        SamplingPlan read = Typed.file("--plan", file, () -> SamplingPlan.read(file));
        work.read();
        try (Workload loaded = work.load()) {
            files.check(loaded.look());
            if (name.isPresent()) {
                List<Sample> samples = run(loaded, loaded.sampler(method.get()));
                return finish(files, loaded.look(), RunSummary.of(name.get(), samples), samples, null);
            }
            if (read == null || !read.takesOthers()) {
                return planned(loaded, files, read == null ? loaded.planner().build().plan(interrupt) : read);
            }
            loaded.requireMadeFor(read);
        } catch (CancellationException e) {
            return ExitCodes.cancelled(spec.commandLine(), output.json(), e);
        }
        work.take(read.advice().orElseThrow());
        try (Workload loaded = work.load()) {
            return planned(loaded, files, read);
        }
    }

    private int planned(Workload loaded, SampleFiles files, SamplingPlan plan) {
        Sampler sampler = loaded.sampler(plan);
        if (!output.json()) {
            spec.commandLine().getOut().println(plan.reason());
        }
        List<Sample> samples = run(loaded, sampler);
        MethodName chosen = MethodName.of(plan.chosen().candidate().name());
        return finish(files, loaded.look(), RunSummary.of(chosen, samples), samples, plan);
    }

    private Map<String, Path> files() {
        Map<String, Path> all = work.files();
        all.put("--plan", file);
        return all;
    }

    private List<Sample> run(Workload loaded, Sampler drawing) {
        PrintWriter terminal = spec.commandLine().getErr();
        TerminalPreview shown = preview ? new TerminalPreview(terminal, loaded.look()) : null;
        try (Sampler sampler = drawing; ProgressBar bar = new ProgressBar(terminal, "", shown)) {
            return loaded.run(sampler, interrupt, bar);
        }
    }

    /**
     * Writes what there is to write, says how it went, and gives the exit code.
     *
     * @param plan that chose the method; null if it was named
     */
    private int finish(SampleFiles files, Look look, RunSummary summary, List<Sample> samples, SamplingPlan plan) {
        if (summary.hasValues()) {
            files.write(look, samples, like.texts(work.prompts(), plan));
        }
        if (output.json()) {
            Map<String, Object> map = summary.toMap();
            map.put("each", RunSummary.each(samples));
            if (plan != null) {
                map.put("plan", PlanTable.choice(plan));
            }
            spec.commandLine().getOut().println(JsonWriter.line(map));
        } else if (summary.hasValues()) {
            spec.commandLine().getOut().println(files.text() + ": " + summary.sentence());
        }
        if (!summary.completed()) {
            spec.commandLine().getErr().println("paraflux: " + summary.message());
        }
        return ExitCodes.after(summary);
    }
}
