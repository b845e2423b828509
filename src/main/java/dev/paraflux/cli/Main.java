package dev.paraflux.cli;

import dev.paraflux.Cancellation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** The {@code paraflux} command. Exit codes: 0 done, 1 failed, 2 bad arguments, 130 cancelled. */
@Command(name = "paraflux", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Samples diffusion models fast, without retraining them.",
        subcommands = {SampleCommand.class, DoctorCommand.class})
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
        int code = execute(interrupt, arguments);
        done.countDown();
        System.exit(code);
    }

    /** Runs the command in this virtual machine. */
    static int execute(Cancellation interrupt, String... arguments) {
        return new CommandLine(new Main(interrupt))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("paraflux: " + describe(failure));
                    return failure instanceof IllegalArgumentException
                            ? CommandLine.ExitCode.USAGE
                            : CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: sample or doctor");
    }

    private static String describe(Throwable failure) {
        boolean expected = failure instanceof IllegalArgumentException || failure instanceof IllegalStateException
                || failure instanceof java.io.IOException || failure instanceof java.io.UncheckedIOException;
        return expected && failure.getMessage() != null ? failure.getMessage() : failure.toString();
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
