package dev.paraflux.cli.command;

import dev.paraflux.Cancellation;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.cli.option.Beside;
import dev.paraflux.cli.option.MethodName;
import dev.paraflux.cli.option.MethodOptions;
import dev.paraflux.cli.option.Outputs;
import dev.paraflux.cli.option.ReportOptions;
import dev.paraflux.cli.option.Workload;
import dev.paraflux.cli.option.WorkloadOptions;
import dev.paraflux.cli.report.Comparison;
import dev.paraflux.cli.report.Filmstrip;
import dev.paraflux.cli.report.Page;
import dev.paraflux.cli.report.PictureLines;
import dev.paraflux.cli.report.PixelDifference;
import dev.paraflux.cli.report.ReportPage;
import dev.paraflux.cli.report.RoundRecorder;
import dev.paraflux.cli.report.RunSummary;
import dev.paraflux.iia.IiaCoefficients;
import dev.paraflux.json.JsonWriter;
import dev.paraflux.method.Method;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code paraflux compare}: the same samples by several methods, side by side. */
@Command(name = "compare", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        abbreviateSynopsis = true,
        description = {"Draws the same samples, from the same noise, by several methods and compares their rounds,"
                + " evaluations and seconds, and how far they end from the sequential samples, in pixels of 0 to 255.",
                "With --iia corrected steps are compared to plain ones: differences are then from the samples of the"
                        + " fine steps that they were fitted to.",
                "Every method runs twice, and its second run is timed: the first one warms the model up."})
public final class CompareCommand implements Callable<Integer> {
    private static final int STRIP_COLUMNS = 16;
    private static final int MOST_STRIP_COLUMNS = 1000;

    private final Cancellation interrupt;

    @Spec
    private CommandSpec spec;

    @Option(names = "--methods", split = ",", paramLabel = "METHOD",
            description = "${COMPLETION-CANDIDATES}. Default: all. Sequential always runs: the others are compared with"
                    + " it.")
    private List<MethodName> names;

    @Mixin
    private MethodOptions settings;

    @Mixin
    private WorkloadOptions work;

    @Option(names = "--beside", split = ",", paramLabel = "MODEL",
            description = "Also draw them by these: other files of the model, or a precision, float32, bfloat16 or float16,"
                    + " of the same file. Differences are then from the model's own sequential samples. Not with --strip,"
                    + " --report and --iia.")
    private List<String> besides = List.of();

    @Option(names = "--strip", paramLabel = "FILE.png",
            description = "Also draw the first sample round by round, a line of pictures for each method, with its name and"
                    + " their rounds; with --iia the samples, a line for fine, plain and corrected steps.")
    private Path strip;

    @Option(names = "--strip-columns", paramLabel = "N",
            description = "Most pictures in a line; of more rounds some are picked evenly, of more samples the first."
                    + " Default: 16.")
    private Integer stripColumns;

    @Mixin
    private ReportOptions page;

    @Option(names = "--json", description = "Print one JSON object, and nothing else.")
    private boolean json;

    /** @param interrupt ends what is under way */
    public CompareCommand(Cancellation interrupt) {
        this.interrupt = interrupt;
    }

    /** What cannot be used is refused before any work, and cheap checks come before the model is loaded. */
    @Override
    public Integer call() throws IOException {
        Map<MethodName, Method> methods = methods();
        checkStrip();
        Map<String, Path> others = work.files();
        others.put("--strip", strip);
        page.read(others);
        work.read();
        Require.that(besides.isEmpty() || strip == null && page.report() == null && work.coefficients().isEmpty(),
                "--beside",
                besides, "given without --strip, --report and --iia");
        Require.that(page.report() == null || work.coefficients().isEmpty(), "--report", page.report(),
                "left out where --iia is given");
        work.requireNoneBeside(besides);
        try (Workload loaded = work.load()) {
            methods.values().forEach(loaded::requireSuits);
            List<Beside> beside = new ArrayList<>();
            for (String text : besides) {
                beside.add(Beside.of(text, loaded.card()));
            }
            MethodRuns runs = new MethodRuns(loaded, interrupt, spec.commandLine().getErr());
            Optional<IiaCoefficients> coefficients = work.coefficients();
            if (coefficients.isPresent()) {
                return compareSteps(loaded, methods, new CorrectedRuns(loaded, runs, coefficients.get()));
            }
            Filmstrip film = strip == null ? null : new Filmstrip(loaded.look(), stripColumns());
            return compare(loaded, beside, methods, runs, film, report(loaded));
        }
    }

    /** The page, or null where none is wanted. */
    private ReportPage report(Workload loaded) {
        if (page.report() == null) {
            return null;
        }
        if (page.plan() != null) {
            loaded.requireMadeFor(page.plan());
        }
        return new ReportPage(loaded.look(),
                Page.asked(spec.commandLine().getParseResult().originalArgs(), loaded.facts()), page.plan());
    }

    /** Sequential first, then the others as they were given, each once. */
    private Map<MethodName, Method> methods() {
        Map<MethodName, Method> methods = new LinkedHashMap<>();
        methods.put(MethodName.SEQUENTIAL, settings.method(MethodName.SEQUENTIAL));
        List<MethodName> wanted = names == null ? List.of(MethodName.values()) : names;
        wanted.forEach(name -> methods.computeIfAbsent(name, settings::method));
        settings.requireUsedBy(methods.keySet());
        return methods;
    }

    private void checkStrip() throws IOException {
        if (strip != null) {
            Outputs.check("--strip", strip, work.files());
        } else if (stripColumns != null) {
            throw new IllegalValueException("--strip-columns", stripColumns, "given with --strip");
        }
        Require.between(2, MOST_STRIP_COLUMNS, "--strip-columns", stripColumns());
    }

    private int stripColumns() {
        return stripColumns == null ? STRIP_COLUMNS : stripColumns;
    }

    /** Ends at the first run that failed or was stopped: there is nothing to compare then. */
    private int compare(Workload loaded, List<Beside> others, Map<MethodName, Method> methods, MethodRuns runs,
            Filmstrip film, ReportPage report) throws IOException {
        Comparison comparison = new Comparison();
        List<float[]> reference = new ArrayList<>();
        RunSummary failed = add(comparison, loaded, methods, runs, film, report, reference);
        for (int k = 0; k < others.size() && failed == null; k++) {
            failed = addBeside(comparison, others.get(k), methods, reference);
        }
        if (failed != null) {
            if (json) {
                print(comparison, null);
            }
            return ExitCodes.after(failed);
        }
        if (film != null) {
            film.write(strip);
        }
        if (report != null) {
            report.write(page.report(), comparison, Page.machine(Version.text(), loaded.device()));
        }
        print(comparison, film);
        return CommandLine.ExitCode.OK;
    }

    /** Adds the runs of another model; gives the run that failed, or null. */
    private RunSummary addBeside(Comparison comparison, Beside other, Map<MethodName, Method> methods,
            List<float[]> reference) throws IOException {
        try (Workload another = work.load(other)) {
            methods.values().forEach(another::requireSuits);
            comparison.beside(other.toString());
            MethodRuns runs = new MethodRuns(another, interrupt, spec.commandLine().getErr());
            return add(comparison, another, methods, runs, null, null, reference);
        }
    }

    /**
     * Adds the runs of a model.
     *
     * @param reference the sequential samples; the first run's, if it is empty
     * @return the run that failed, or null
     */
    private RunSummary add(Comparison comparison, Workload loaded, Map<MethodName, Method> methods, MethodRuns runs,
            Filmstrip film, ReportPage report, List<float[]> reference) {
        for (Map.Entry<MethodName, Method> method : methods.entrySet()) {
            List<Sample> samples = runTwice(loaded, runs, method.getKey(), method.getValue(), film,
                    report);
            RunSummary run = RunSummary.of(method.getKey(), samples);
            if (!run.completed()) {
                spec.commandLine().getErr().println("paraflux: " + method.getKey().text() + ": " + run.message());
            }
            if (run.failed()) {
                comparison.add(run, null);
                return run;
            }
            List<float[]> values = samples.stream().map(sample -> loaded.look().picture(sample.values())).toList();
            if (reference.isEmpty()) {
                reference.addAll(values);
            }
            comparison.add(run, PixelDifference.between(values, reference));
        }
        return null;
    }

    /** The samples of the second run; of the first one if that was stopped. */
    private List<Sample> runTwice(Workload loaded, MethodRuns runs, MethodName name, Method method,
            Filmstrip film, ReportPage report) {
        try (Sampler sampler = loaded.sampler(method)) {
            if (film == null && report == null) {
                return runs.twice(name, sampler, name.text());
            }
            RoundRecorder recorder = new RoundRecorder(loaded.look());
            List<Sample> samples = runs.warmUp(sampler, name.text(), recorder);
            if (RunSummary.of(name, samples).failed()) {
                return samples;
            }
            if (film != null) {
                film.add(name, recorder, samples.get(0).stats().rounds());
            }
            List<Sample> timed = runs.run(sampler, name.text());
            RunSummary run = RunSummary.of(name, timed);
            if (report != null && !run.failed()) {
                report.add(run, method, recorder, samples);
            }
            return timed;
        }
    }

    /** With coefficients: how near to the fine steps the corrected ones come. */
    private int compareSteps(Workload loaded, Map<MethodName, Method> methods, CorrectedRuns runs)
            throws IOException {
        PictureLines lines = strip == null ? null : new PictureLines(loaded.look());
        PrintWriter out = spec.commandLine().getOut();
        int code = runs.run(methods);
        Map<String, Object> shown = lines == null || code != CommandLine.ExitCode.OK ? null
                : runs.draw(lines, stripColumns(), strip);
        if (json) {
            Map<String, Object> map = runs.comparison().toMap();
            if (shown != null) {
                map.put("strip", shown);
            }
            out.println(JsonWriter.line(map));
        } else if (code == CommandLine.ExitCode.OK) {
            out.println(runs.comparison().table());
            if (shown != null) {
                out.println(strip + ": the samples by " + String.join(", ", shown.keySet()) + " steps, a line each");
            }
        }
        return code;
    }

    private void print(Comparison comparison, Filmstrip film) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> map = comparison.toMap();
            if (film != null) {
                map.put("strip", film.rounds());
            }
            out.println(JsonWriter.line(map));
            return;
        }
        out.println(comparison.table());
        if (film != null) {
            out.println(strip + ": the first sample after these rounds, a line for each method");
            film.rounds().forEach((method, rounds) -> out.printf("%-12s%s%n", method,
                    rounds.stream().map(String::valueOf).collect(Collectors.joining(" "))));
        }
        if (page.report() != null) {
            out.println(page.report() + ": a page to look at");
        }
    }
}
