package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A program in a virtual machine of its own: what it does to that one, it does not to the tests'. */
public final class JavaProcess {
    private static final int MOST_SECONDS = 60;

    private final List<String> options = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED"));
    private Predicate<String> jars = jar -> true;
    private final Map<String, String> environment = new HashMap<>();
    private String more = "";

    /** With another option of the virtual machine. */
    public JavaProcess with(String option) {
        options.add(option);
        return this;
    }

    /** With a variable of the environment set. */
    public JavaProcess with(String variable, Path value) {
        environment.put(variable, value.toString());
        return this;
    }

    /** Without the jars whose path has a word in it. */
    public JavaProcess without(String word) {
        jars = jar -> !jar.contains(word);
        return this;
    }

    /** With a folder on the class path, behind all else. */
    public JavaProcess withClassPath(Path folder) {
        more += File.pathSeparator + folder;
        return this;
    }

    /**
     * Runs a program to its end.
     *
     * @param code that it must exit with
     * @return the lines that it has written, to either stream
     */
    public List<String> run(int code, Class<?> program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).filter(jars)
                .collect(Collectors.joining(File.pathSeparator)) + more);
        command.add(program.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process machine = builder.start();
        try {
            List<String> lines = new String(machine.getInputStream().readAllBytes()).lines().toList();
            assertTrue(machine.waitFor(MOST_SECONDS, TimeUnit.SECONDS), "it does not end");
            assertEquals(code, machine.exitValue(), () -> String.join("\n", lines));
            return lines;
        } finally {
            machine.destroyForcibly();
        }
    }
}
