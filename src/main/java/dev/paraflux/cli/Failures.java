package dev.paraflux.cli;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Reason;
import dev.paraflux.cli.command.ExitCodes;
import dev.paraflux.cli.option.Typed;
import dev.paraflux.json.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line why a command failed, and gives its exit code. */
record Failures(PrintWriter errors) {
    /** The options cannot be used. */
    int refuse(ParameterException refusal) {
        say(Refusals.message(refusal));
        UnmatchedArgumentException.printSuggestions(refusal, errors);
        errors.println("Try '" + refusal.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    /** Commands throw the first kinds for what they were given, the next for what went wrong later. */
    int fail(Throwable failure, ParseResult given, boolean trace) {
        int code = failure instanceof IllegalValueException || failure instanceof IOException ? ExitCode.USAGE
                : ExitCode.SOFTWARE;
        String message = oneLine(message(failure, given, trace));
        errors.println("paraflux: " + message);
        if (code == ExitCode.SOFTWARE) {
            tellScript(message, innermost(given));
        }
        if (trace) {
            failure.printStackTrace(errors);
        }
        return code;
    }

    private static String message(Throwable failure, ParseResult given, boolean trace) {
        if (failure instanceof IllegalValueException refusal) {
            return Typed.renamed(refusal, innermost(given)).getMessage();
        }
        if (failure instanceof IOException || failure instanceof IllegalStateException
                || failure instanceof UncheckedIOException) {
            return failure.getMessage() == null ? Reason.of(failure) : failure.getMessage();
        }
        if (failure instanceof OutOfMemoryError) {
            return memory(failure);
        }
        if (failure instanceof NoClassDefFoundError && namesAClass(failure.getMessage())) {
            return missing(failure.getMessage().replace('/', '.'));
        }
        return "internal error, please report: " + Reason.of(failure)
                + (trace ? "" : "; --stacktrace prints the details");
    }

    /** Who asked for JSON gets an object of what was begun, however it ended. */
    private static void tellScript(String message, ParseResult given) {
        if (given != null && given.hasMatchedOption("--json")) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("status", "FAILED");
            map.put("message", message);
            given.commandSpec().commandLine().getOut().println(JsonWriter.line(map));
        }
    }

    /** Whether a run had succeeded or not, nobody has its output. */
    int unwritten(StandardOutput output) {
        if (output.closed()) {
            return ExitCodes.CLOSED_PIPE;
        }
        say("standard output cannot be written: " + output.failure());
        return ExitCode.SOFTWARE;
    }

    /** And not one that is there, but could not be initialized. */
    private static boolean namesAClass(String message) {
        return message != null && message.indexOf(' ') < 0;
    }

    private static String missing(String named) {
        return "the class " + named + " is missing: "
                + (named.startsWith("java")
                        ? "this Java was put together without its module; pictures take java.desktop"
                        : "a jar that brings it is not on the class path");
    }

    private static String memory(Throwable failure) {
        String reason = Reason.of(failure);
        if (reason.contains("native thread")) {
            return reason + "; what limits threads is ulimit -u, or the container's number of processes";
        }
        if (reason.contains("outside the Java heap")) {
            return "out of memory: " + reason + "; draw fewer samples at a time, or have a smaller --window";
        }
        String limit = reason.contains("hysical memory") || reason.contains("maxBytes")
                ? "; JavaCPP, which loads the model, stays below a limit that follows -Xmx: raise it, or set the limit"
                        + " by -Dorg.bytedeco.javacpp.maxphysicalbytes=BYTES, 0 for none"
                : "; give Java more by -Xmx, or draw fewer samples at a time";
        return "out of memory: " + reason + limit + ". The launcher takes both from JDK_JAVA_OPTIONS";
    }

    private static ParseResult innermost(ParseResult given) {
        ParseResult part = given;
        while (part != null && part.hasSubcommand()) {
            part = part.subcommand();
        }
        return part;
    }

    /** Whatever it says. */
    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?");
    }

    private void say(String message) {
        errors.println("paraflux: " + oneLine(message));
    }
}
