package dev.paraflux.cli.command;

import dev.paraflux.Cancellation;
import dev.paraflux.ProgressListener;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.cli.option.MethodName;
import dev.paraflux.cli.option.Workload;
import dev.paraflux.cli.report.ProgressBar;
import dev.paraflux.cli.report.RunSummary;
import java.io.PrintWriter;
import java.util.List;

/** Draws the samples of a workload under a bar that says what is drawn: once to warm the model up, and once for the result. */
record MethodRuns(Workload work, Cancellation interrupt, PrintWriter terminal) {
    private static final ProgressListener NOBODY = progress -> {};

    /** The run that is not timed, watched. */
    List<Sample> warmUp(Sampler sampler, String title, ProgressListener watcher) {
        return run(sampler, title + ", to warm up, ", watcher);
    }

    /** The run that is timed. */
    List<Sample> run(Sampler sampler, String title) {
        return run(sampler, title + ", ", NOBODY);
    }

    /** The samples of the second run; of the first one if that was stopped. */
    List<Sample> twice(MethodName method, Sampler sampler, String title) {
        List<Sample> samples = warmUp(sampler, title, NOBODY);
        return RunSummary.of(method, samples).failed() ? samples : run(sampler, title);
    }

    private List<Sample> run(Sampler sampler, String title, ProgressListener watcher) {
        try (ProgressBar bar = new ProgressBar(terminal, title)) {
            return work.run(sampler, interrupt, progress -> {
                bar.onRound(progress);
                watcher.onRound(progress);
            });
        }
    }
}
