package dev.paraflux.cli.command;

import dev.paraflux.Status;
import dev.paraflux.cli.report.RunSummary;
import dev.paraflux.json.JsonWriter;
import java.util.Map;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

/** What commands end with where that is neither success nor one of the parser's own codes. */
public final class ExitCodes {
    /** As of a process that SIGINT ends. */
    public static final int CANCELLED = 130;
    /** As of a Unix tool that SIGPIPE ends. */
    public static final int CLOSED_PIPE = 141;

    private ExitCodes() {}

    /** What a command ends with whose preparations were cancelled; says so. */
    static int cancelled(CommandLine command, boolean json, CancellationException why) {
        if (json) {
            command.getOut().println(JsonWriter.line(Map.of("status", "CANCELLED")));
        }
        command.getErr().println("paraflux: " + why.getMessage());
        return CANCELLED;
    }

    /** What a command ends with after such a run. */
    public static int after(RunSummary run) {
        if (!run.failed()) {
            return ExitCode.OK;
        }
        return run.status() == Status.CANCELLED ? CANCELLED : ExitCode.SOFTWARE;
    }
}
