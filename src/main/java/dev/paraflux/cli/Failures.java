package dev.paraflux.cli;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Reason;
import dev.paraflux.cli.command.ExitCodes;
import dev.paraflux.cli.option.Typed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
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
        int code = ExitCode.SOFTWARE;
        if (failure instanceof IllegalValueException refusal) {
            say(Typed.renamed(refusal, innermost(given)).getMessage());
            code = ExitCode.USAGE;
        } else if (failure instanceof IOException) {
            say(failure.getMessage() == null ? Reason.of(failure) : failure.getMessage());
            code = ExitCode.USAGE;
        } else if (failure instanceof IllegalStateException || failure instanceof UncheckedIOException) {
            say(failure.getMessage() == null ? Reason.of(failure) : failure.getMessage());
        } else if (failure instanceof OutOfMemoryError) {
            say(memory(failure));
        } else if (failure instanceof NoClassDefFoundError && namesAClass(failure.getMessage())) {
            say(missing(failure.getMessage().replace('/', '.')));
        } else {
            say("internal error, please report: " + Reason.of(failure)
                    + (trace ? "" : "; --stacktrace prints the details"));
        }
        if (trace) {
            failure.printStackTrace(errors);
        }
        return code;
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

    /** In one line, whatever it says. */
    private void say(String message) {
        errors.println("paraflux: " + message.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?"));
    }
}
