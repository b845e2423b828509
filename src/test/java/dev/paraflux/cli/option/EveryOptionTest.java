package dev.paraflux.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.cli.CommandRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Walks every option of every command with values that it cannot have: none is called by another name than its own. */
class EveryOptionTest {
    /** Options that are files to be written. */
    private static final List<String> OUTPUTS = List.of("--out", "--save", "--strip", "--report");
    /** What must be given too, so that an option is used at all. */
    private static final List<MethodName> METHODS = List.of(MethodName.PICARD, MethodName.PARATAA, MethodName.SPARSE,
            MethodName.SRDS,
            MethodName.CHORDS);

    @TempDir
    private static Path folder;

    static Stream<String> options() {
        CommandLine main = CommandRun.commandLine();
        return main.getSubcommands().entrySet().stream()
                .flatMap(command -> command.getValue().getCommandSpec().options().stream()
                        .map(option -> command.getKey() + " " + option.longestName()));
    }

    @ParameterizedTest
    @MethodSource("options")
    void illegalValuesAreRefusedByTheOptionsName(String commandAndOption) {
        String command = commandAndOption.substring(0, commandAndOption.indexOf(' '));
        String name = commandAndOption.substring(command.length() + 1);
        OptionSpec option = CommandRun.commandLine().getSubcommands().get(command).getCommandSpec()
                .findOption(name);
        for (String value : illegal(option)) {
            List<Object> arguments = new ArrayList<>(List.of(command));
            arguments.addAll(needed(command, name));
            arguments.add(name + "=" + value);
            requireRefusal(name, CommandRun.of(arguments.toArray()), arguments);
        }
        if (!option.type().equals(boolean.class)) {
            List<Object> without = List.of(command, name);
            requireRefusal(name, CommandRun.of(without.toArray()), without);
        }
    }

    private static void requireRefusal(String name, CommandRun run, List<Object> arguments) {
        String what = arguments + ": " + run.errors();
        assertEquals(2, run.code(), what + run.output());
        assertEquals("", run.output(), what);
        List<String> lines = run.errors().lines().filter(line -> !line.startsWith("Try 'paraflux ")).toList();
        assertEquals(1, lines.size(), what);
        assertTrue(lines.get(0).startsWith("paraflux: " + name), what);
        assertTrue(lines.get(0)
                .matches(".*(must be|no such file|it is a folder|does not exist|cannot write|is a folder|Is a directory"
                        + "|is not a file|not a .npy file|not JSON).*"),
                what);
        assertFalse(lines.get(0).matches(".*((?<!/dev/)\\bnull\\b|Exception|java\\.|\\$|=).*"), what);
    }

    /** By the type of what the option takes. */
    private static List<String> illegal(OptionSpec option) {
        Class<?> type = option.isMultiValue() ? option.auxiliaryTypes()[0] : option.type();
        List<String> values = new ArrayList<>(option.isMultiValue() ? List.of(",", "", "x,") : List.of());
        switch (type.getSimpleName()) {
            case "boolean" -> values.addAll(List.of("maybe", "2"));
            case "int", "Integer" -> values.addAll(List.of("", "ten", "1.5", "-1", "NaN", "2147483648", "1e3", "0x10"));
            case "long", "Long" -> values.addAll(List.of("", "ten", "1.5", "NaN", "18446744073709551616",
                    "-9223372036854775809", "9".repeat(100_000)));
            case "double", "Double" -> values.addAll(List.of("", "x", "NaN", "-Infinity", "1e999", "0x"));
            case "Path" -> values.addAll(OUTPUTS.contains(option.longestName())
                    ? List.of("", "-", "/dev/full", folder.toString(), folder.resolve("no/a.png").toString(),
                            folder.resolve("no/a.npy").toString(), folder.resolve("no/a.json").toString(),
                            folder.resolve("no/a.html").toString(), "a\0b")
                    : List.of("", folder.resolve("no.npy").toString(), folder.toString(), "/dev/null", "a\0b"));
            default -> values.addAll(List.of("", "nonsense", "1"));
        }
        return values;
    }

    private static List<Object> needed(String command, String option) {
        List<Object> arguments = new ArrayList<>();
        if (command.equals("sample")) {
            METHODS.stream().filter(method -> method.settings().contains(option)).reduce((first, last) -> last)
                    .ifPresent(method -> arguments.addAll(List.of("--method", method.text())));
            if (!option.equals("--out")) {
                arguments.addAll(List.of("--out", folder.resolve("a.png")));
            }
        }
        if (!option.equals("--steps") && !List.of("doctor", "worker").contains(command)) {
            arguments.addAll(List.of("--steps", 4));
        }
        if (option.equals("--strength") || option.equals("--mask")) {
            arguments.addAll(List.of("--image", Path.of("docs/pictures/digits.png")));
        }
        if (option.equals("--strip-columns")) {
            arguments.addAll(List.of("--strip", folder.resolve("b.png")));
        }
        return arguments;
    }
}
