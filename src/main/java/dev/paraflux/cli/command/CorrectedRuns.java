package dev.paraflux.cli.command;

import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.cli.option.MethodName;
import dev.paraflux.cli.option.Steps;
import dev.paraflux.cli.option.Workload;
import dev.paraflux.cli.report.FineComparison;
import dev.paraflux.cli.report.PictureLines;
import dev.paraflux.cli.report.RunSummary;
import dev.paraflux.iia.IiaCoefficients;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine;

/** Draws the samples of a workload whose solver is corrected by fine, by plain, and by corrected steps. */
final class CorrectedRuns {
    private final Workload work;
    private final MethodRuns runs;
    private final Steps fine;
    private final FineComparison comparison = new FineComparison();
    /** The first samples of each kind. */
    private final Map<FineComparison.Kind, List<float[]>> samples = new EnumMap<>(FineComparison.Kind.class);
    private int exitCode = CommandLine.ExitCode.OK;

    /**
     * Checks that there are fine steps.
     *
     * @throws IllegalArgumentException if there are none
     */
    CorrectedRuns(Workload work, MethodRuns runs, IiaCoefficients coefficients) {
        this.work = work;
        this.runs = runs;
        fine = work.plain().fine(coefficients);
        work.sampler(new Sequential(), fine).close();
    }

    /**
     * Runs all. Ends at the first run that failed or was stopped: there is nothing to compare then.
     *
     * @param methods of the corrected steps, sequential first
     * @return the exit code
     */
    int run(Map<MethodName, Method> methods) {
        run(FineComparison.Kind.FINE, MethodName.SEQUENTIAL, new Sequential(), fine);
        run(FineComparison.Kind.PLAIN, MethodName.SEQUENTIAL, new Sequential(), work.plain());
        methods.forEach((name, method) -> run(FineComparison.Kind.CORRECTED, name, method, work.steps()));
        return exitCode;
    }

    private void run(FineComparison.Kind kind, MethodName name, Method method, Steps steps) {
        if (exitCode != CommandLine.ExitCode.OK) {
            return;
        }
        String title = kind.text() + " " + name.text();
        try (Sampler sampler = work.sampler(method, steps)) {
            List<Sample> drawn = runs.twice(name, sampler, title);
            RunSummary run = RunSummary.of(name, drawn);
            if (!run.completed()) {
                runs.terminal().println("paraflux: " + title + ": " + run.message());
            }
            List<float[]> values = run.failed() ? null : drawn.stream().map(Sample::values).toList();
            comparison.add(kind, run, values == null ? null : values.stream().map(work.look()::picture).toList());
            samples.putIfAbsent(kind, values);
            exitCode = ExitCodes.after(run);
        }
    }

    FineComparison comparison() {
        return comparison;
    }

    /** Draws a line of samples for each kind of steps, and gives what the lines show. */
    Map<String, Object> draw(PictureLines lines, int columns, Path file) {
        Map<String, Object> shown = new LinkedHashMap<>();
        samples.forEach((kind, values) -> {
            int count = Math.min(columns, values.size());
            lines.add(kind.text(), IntStream.range(0, count).mapToObj(String::valueOf).toList(),
                    values.subList(0, count).toArray(float[][]::new));
            shown.put(kind.text(), count);
        });
        lines.write(file);
        return shown;
    }
}
