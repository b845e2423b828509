package dev.paraflux.cli;

import dev.paraflux.Cancellation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code paraflux} command. */
@Command(name = "paraflux", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Samples diffusion models fast, without retraining them.",
        subcommands = {SampleCommand.class, CompareCommand.class, FitCommand.class, DoctorCommand.class},
        footerHeading = "%nExit codes:%n",
        footer = {"  0    done", "  1    failed, or out of time",
                "  2    something given cannot be used; nothing was done",
                "  130  cancelled (Ctrl-C)",
                "A run that is stopped is drawn as far as it came, if its method had a picture by then."})
public final class Main implements Runnable {
    static final int CANCELLED = 130;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;
    private final Cancellation interrupt;

    private Main(Cancellation interrupt) {
        this.interrupt = interrupt;
    }

    /** The switch that Ctrl-C turns. */
    Cancellation interrupt() {
        return interrupt;
    }

    /** Runs the command and ends the virtual machine with its exit code. */
    public static void main(String[] arguments) {
        CountDownLatch done = new CountDownLatch(1);
        Cancellation interrupt = new Cancellation();
        // On Ctrl-C the run is cancelled and the command tidies up; the machine then ends with 130 by itself.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            interrupt.cancel();
            await(done);
        }));
        int code = execute(interrupt, new PrintWriter(System.out, true), new PrintWriter(System.err, true), arguments);
        done.countDown();
        System.exit(code);
    }

    /** Runs the command in this virtual machine. */
    static int execute(Cancellation interrupt, PrintWriter output, PrintWriter errors, String... arguments) {
        try {
            return new CommandLine(new Main(interrupt))
                    .setOut(output)
                    .setErr(errors)
                    .setUsageHelpWidth(100)
                    .setResourceBundle(new MethodDefaults())
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setParameterExceptionHandler((refusal, ignored) -> refuse(refusal))
                    .setExecutionExceptionHandler((failure, command, ignored) -> fail(failure, errors))
                    .execute(arguments);
        } catch (OutOfMemoryError e) {
            errors.println("paraflux: out of memory: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        } finally {
            output.flush();
            errors.flush();
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: sample, compare, fit or doctor");
    }

    private static int refuse(ParameterException refusal) {
        PrintWriter errors = refusal.getCommandLine().getErr();
        errors.println("paraflux: " + refusal.getMessage());
        UnmatchedArgumentException.printSuggestions(refusal, errors);
        errors.println("Try '" + refusal.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    /** Commands throw the first two kinds for what they were given, the next two for what went wrong later. */
    private static int fail(Exception failure, PrintWriter errors) {
        if (failure instanceof IllegalArgumentException || failure instanceof IOException) {
            errors.println("paraflux: " + failure.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        if (failure instanceof IllegalStateException || failure instanceof UncheckedIOException) {
            errors.println("paraflux: " + failure.getMessage());
        } else {
            errors.println("paraflux: failed, which it should not have:");
            failure.printStackTrace(errors);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static void await(CountDownLatch done) {
        try {
            done.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"paraflux " + text()};
        }

        static String text() {
            String version = Main.class.getPackage().getImplementationVersion();
            return version == null ? "(development build)" : version;
        }
    }
}
