package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.plan.SamplingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of a comparison's page. */
public final class ReportOptions {
    @Option(names = "--report", paramLabel = "FILE.html",
            description = "Also write a page to look at: the table, pictures, curves of the error, the first sample round by"
                    + " round, how far its rows are from following each other. It needs no other file. Not with --beside and"
                    + " --iia.")
    private Path report;

    @Option(names = "--plan", paramLabel = "FILE.json",
            description = "Show in the report what a plan said before that paraflux plan made for this.")
    private Path planned;

    private SamplingPlan plan;

    /**
     * Refuses a page that could not be written, and reads the plan.
     *
     * @param others that are read or written by the same command, by their options
     */
    public void read(Map<String, Path> others) throws IOException {
        if (report != null) {
            Map<String, Path> all = new HashMap<>(others);
            all.put("--plan", planned);
            Outputs.check("--report", report, all);
        }
        plan = Typed.file("--plan", planned, () -> SamplingPlan.read(planned));
        if (planned != null && report == null) {
            throw new IllegalValueException("--plan", planned.toString(), "given with --report");
        }
    }

    /** The page's file; null for none. */
    public Path report() {
        return report;
    }

    /** What was planned; null for nothing. */
    public SamplingPlan plan() {
        return plan;
    }
}
