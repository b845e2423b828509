package dev.paraflux.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Cancellation;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** One run of the command in this virtual machine: its exit code and what it printed. */
public record CommandRun(int code, String output, String errors) {

    /** The command and its options, as they would be run. */
    public static CommandLine commandLine() {
        return Main.commandLine(new Cancellation());
    }

    public static CommandRun of(Object... arguments) {
        return of(new Cancellation(), arguments);
    }

    public static CommandRun of(Cancellation interrupt, Object... arguments) {
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        int code = Main.execute(interrupt, output, new PrintWriter(errors), words);
        return new CommandRun(code, output.toString(), errors.toString());
    }

    /** Ended with this code. */
    public CommandRun requireCode(int expected) {
        assertEquals(expected, code, output + errors);
        return this;
    }

    /** Failed with this code and a first line that says all of these, without a stack trace. */
    public void requireRefusal(int expected, String... parts) {
        requireCode(expected);
        assertEquals("", output, "a refusal prints nothing on standard output");
        String line = errors.lines().findFirst().orElse("");
        assertTrue(line.startsWith("paraflux: "), errors);
        for (String part : parts) {
            assertTrue(line.contains(part), () -> "'" + part + "' is not in: " + line);
        }
        assertTrue(errors.lines().noneMatch(text -> text.startsWith("\tat ")), errors);
    }
}
