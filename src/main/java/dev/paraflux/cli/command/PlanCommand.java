package dev.paraflux.cli.command;

import dev.paraflux.Cancellation;
import dev.paraflux.cli.option.Outputs;
import dev.paraflux.cli.option.PlanOptions;
import dev.paraflux.cli.option.Workload;
import dev.paraflux.cli.option.WorkloadOptions;
import dev.paraflux.cli.report.PlanTable;
import dev.paraflux.json.JsonWriter;
import dev.paraflux.plan.SamplingPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code paraflux plan}: which method is fastest here, and why. */
@Command(name = "plan", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        abbreviateSynopsis = true,
        description = {
                "Measures what calls of the model take on this machine, draws the samples that are asked for by every"
                        + " method to count rounds, and says which method is fastest, what it gains, or why nothing is gained.",
                "sample takes the plan with --plan, or makes one with --method auto. It holds for this model, solver, grid"
                        + " and machine."})
public final class PlanCommand implements Callable<Integer> {
    private final Cancellation interrupt;

    @Spec
    private CommandSpec spec;

    @Mixin
    private WorkloadOptions work;

    @Mixin
    private PlanOptions settings;

    @Option(names = "--out", paramLabel = "FILE.json", description = "Also save the plan.")
    private Path file;

    @Option(names = "--json", description = "Print one JSON object, and nothing else.")
    private boolean json;

    /** @param interrupt ends what is under way */
    public PlanCommand(Cancellation interrupt) {
        this.interrupt = interrupt;
    }

    /** What cannot be used is refused before any work, and cheap checks come before the model is loaded. */
    @Override
    public Integer call() throws IOException {
        settings.check();
        if (file != null) {
            Outputs.check("plan --out", file, work.files());
        }
        work.read();
        PrintWriter out = spec.commandLine().getOut();
        try (Workload loaded = work.load()) {
            SamplingPlan plan = settings.plan(loaded, interrupt);
            if (file != null) {
                Outputs.write(() -> plan.write(file));
            }
            out.println(json ? JsonWriter.line(PlanTable.toMap(plan)) : PlanTable.text(plan));
            return CommandLine.ExitCode.OK;
        } catch (CancellationException e) {
            return ExitCodes.cancelled(spec.commandLine(), json, e);
        }
    }
}
