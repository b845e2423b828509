package dev.paraflux.cli;

import dev.paraflux.Cancellation;
import dev.paraflux.cli.command.CompareCommand;
import dev.paraflux.cli.command.DoctorCommand;
import dev.paraflux.cli.command.FitCommand;
import dev.paraflux.cli.command.PlanCommand;
import dev.paraflux.cli.command.SampleCommand;
import dev.paraflux.cli.command.Version;
import dev.paraflux.cli.command.WorkerCommand;
import dev.paraflux.cli.option.MethodDefaults;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The {@code paraflux} command. */
@Command(name = "paraflux", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Samples diffusion models fast, without retraining them.",
        footerHeading = "%nExit codes:%n",
        footer = {"  0    done", "  1    failed, or out of time",
                "  2    something given cannot be used; nothing was done",
                "  130  cancelled (Ctrl-C)", "  141  nobody reads the output any more (a closed pipe)",
                "  143  ended by SIGTERM",
                "A run that is stopped is drawn as far as it came, if its method had a picture by then."})
public final class Main implements Runnable {
    private static final long POLL_MILLIS = 100;
    /** One look alone can meet a class or a model that is just being read. */
    private static final int LOOKS = 5;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** The switch that Ctrl-C turns. */
    private final Cancellation interrupt;

    @CommandLine.Option(names = "--stacktrace", scope = CommandLine.ScopeType.INHERIT,
            description = "If the command fails, also print where in the program: add it to a report.")
    private boolean stacktrace;

    private Main(Cancellation interrupt) {
        this.interrupt = interrupt;
    }

    /** Runs the command and ends the virtual machine with its exit code. */
    public static void main(String[] arguments) {
        CountDownLatch done = new CountDownLatch(1);
        Cancellation interrupt = new Cancellation();
        // On Ctrl-C and SIGTERM the run is cancelled and the command tidies up; the machine then ends with 130 or 143 by
        // itself. However long the model call takes: the end of the process destroys what native code works on.
        Thread command = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            interrupt.cancel();
            await(done, command);
        }));
        int code = execute(interrupt, StandardOutput.ofProcess(), new PrintWriter(System.err, true), arguments);
        done.countDown();
        System.exit(code);
    }

    /** Runs the command in this virtual machine. */
    static int execute(Cancellation interrupt, Writer standardOutput, PrintWriter errors, String... arguments) {
        StandardOutput output = new StandardOutput(standardOutput);
        PrintWriter printer = output.printer();
        Failures failures = new Failures(errors);
        Main main = new Main(interrupt);
        int code;
        try {
            code = main.commandLine()
                    .setOut(printer)
                    .setErr(errors)
                    .setParameterExceptionHandler((refusal, ignored) -> failures.refuse(refusal))
                    .setExecutionExceptionHandler((failure, command, given) -> failures.fail(failure, given,
                            main.stacktrace))
                    .execute(arguments);
        } catch (Exception | Error e) {
            code = failures.fail(e, null, main.stacktrace);
        }
        printer.flush();
        errors.flush();
        return code == CommandLine.ExitCode.OK && output.failure() != null ? failures.unwritten(output) : code;
    }

    /** The command and its options, before it is told where to print. */
    static CommandLine commandLine(Cancellation interrupt) {
        return new Main(interrupt).commandLine();
    }

    private CommandLine commandLine() {
        return new CommandLine(this)
                .addSubcommand(new SampleCommand(interrupt))
                .addSubcommand(new CompareCommand(interrupt))
                .addSubcommand(new FitCommand(interrupt))
                .addSubcommand(new PlanCommand(interrupt))
                .addSubcommand(new WorkerCommand(interrupt))
                .addSubcommand(new DoctorCommand())
                .setUsageHelpWidth(100)
                .setResourceBundle(new MethodDefaults())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(Main::run);
    }

    private static int run(ParseResult given) {
        Refusals.requireNothingEmpty(given);
        return new CommandLine.RunLast().execute(given);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "a command is missing: sample, compare, fit, plan, worker or doctor");
    }

    /** Returns when the command has tidied up, has died, or can be seen to wait for what may never come. */
    static void await(CountDownLatch done, Thread command) {
        try {
            int waits = 0;
            while (waits < LOOKS && command.isAlive() && !done.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                waits = waitsForInput(command) ? waits + 1 : 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a thread opens or reads a file: of a pipe or a terminal that may last for ever, and nothing stops it. */
    static boolean waitsForInput(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        if (stack.length == 0 || !stack[0].isNativeMethod()) {
            return false;
        }
        String where = stack[0].getClassName();
        String what = stack[0].getMethodName();
        return (where.equals("java.io.FileInputStream") || where.startsWith("sun.nio."))
                && (what.startsWith("open") || what.startsWith("read"));
    }
}
