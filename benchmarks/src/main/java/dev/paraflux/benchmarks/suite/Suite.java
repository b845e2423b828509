package dev.paraflux.benchmarks.suite;

import dev.paraflux.benchmarks.figures.Measured;
import dev.paraflux.benchmarks.figures.Pages;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the figures of README and docs. Each benchmark runs in a virtual machine of its own, and has its own file of
 * results: one that fails leaves its old file as it was, and the others go on.
 */
@Command(name = "benchmarks/run", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measures the figures of README and docs, writes benchmarks/results, and puts them into the pages.")
public final class Suite implements Callable<Integer> {
    @Option(names = "--only", split = ",", paramLabel = "NAME", description = "These alone; --list names them.")
    private List<String> only = List.of();

    @Option(names = "--long", description = "Also what takes longer: studies of rounds, orders and constants.")
    private boolean all;

    @Option(names = "--list", description = "Say what there is, and end.")
    private boolean list;

    @Option(names = "--models", paramLabel = "DIR",
            description = "Also other files of the demo model: digits.onnx, digits-bf16.pt2, ... in this folder.")
    private Path models;

    @Option(names = "--python", paramLabel = "FILE", defaultValue = "python3",
            description = "A Python that has torch, to stand beside; without one that part is left out. Default: python3.")
    private String python;

    @Option(names = "--root", hidden = true, required = true)
    private Path root;

    /** @param arguments options */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Suite()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Benchmark> wanted = wanted();
        if (list) {
            wanted.forEach(benchmark -> System.out.printf("%-14s %s%s%n", benchmark.name(), benchmark.what(),
                    benchmark.isLong() ? " (--long)" : ""));
            return 0;
        }
        Path results = Files.createDirectories(root.resolve("benchmarks/results"));
        List<String> failed = new ArrayList<>();
        long begin = System.nanoTime();
        boolean pagesFilled = false;
        for (Benchmark benchmark : wanted) {
            System.out.println("== " + benchmark.name() + ": " + benchmark.what());
            try {
                measure(benchmark).write(results);
            } catch (IOException | IllegalStateException e) {
                System.out.println("   FAILED: " + e.getMessage());
                failed.add(benchmark.name());
            }
            // Each time, so that the pages are right also if nobody waits for the end.
            pagesFilled = fillPages();
        }
        System.out.printf("%d of %d measured in %d s%n", wanted.size() - failed.size(), wanted.size(),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
        if (!failed.isEmpty()) {
            System.out.println("failed, their old results are kept: " + failed);
        }
        return failed.isEmpty() && pagesFilled ? 0 : 1;
    }

    private boolean fillPages() throws IOException {
        try {
            Pages.fill(root);
            return true;
        } catch (IllegalStateException e) {
            System.out.println("   the pages are as they were: " + e.getMessage());
            return false;
        }
    }

    private List<Benchmark> wanted() {
        List<Benchmark> every = Benchmarks.all(root, models, python);
        only.forEach(name -> {
            if (every.stream().noneMatch(benchmark -> benchmark.name().equals(name))) {
                throw new CommandLine.ParameterException(new CommandLine(this),
                        "--only " + name + ": must be one of " + every.stream().map(Benchmark::name).toList());
            }
        });
        return every.stream().filter(benchmark -> only.isEmpty() ? all || list || !benchmark.isLong()
                : only.contains(benchmark.name())).toList();
    }

    private Measured measure(Benchmark benchmark) throws IOException, InterruptedException {
        String before = Machine.load();
        long begin = System.nanoTime();
        PrintedTable table = PrintedTable.of(lines(benchmark));
        long seconds = Math.round((System.nanoTime() - begin) * 1e-9);
        Measured.Run run = new Measured.Run(LocalDate.now(ZoneOffset.UTC).toString(), Machine.commit(root),
                Machine.words(),
                Machine.jdk(), before + " to " + Machine.load(), seconds);
        return new Measured(benchmark.purpose(), run, table.columns(), table.rows(), table.notes());
    }

    /** What the benchmark prints, which is shown as it comes. */
    private List<String> lines(Benchmark benchmark) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx4g", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        command.add(benchmark.program().getName());
        command.addAll(benchmark.arguments());
        Process program = new ProcessBuilder(command).directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Thread watch = new Thread(() -> endAfter(program, benchmark.mostSeconds()));
        watch.setDaemon(true);
        watch.start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = program.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                System.out.println(line);
                lines.add(line);
            }
        }
        int code = program.waitFor();
        watch.interrupt();
        if (code != 0) {
            throw new IllegalStateException(benchmark.program().getSimpleName() + " ended with " + code);
        }
        return lines;
    }

    private static void endAfter(Process program, int seconds) {
        try {
            if (!program.waitFor(seconds, TimeUnit.SECONDS)) {
                program.descendants().forEach(ProcessHandle::destroyForcibly);
                program.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
