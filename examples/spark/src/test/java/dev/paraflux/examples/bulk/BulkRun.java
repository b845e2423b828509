package dev.paraflux.examples.bulk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** The job as a process of its own, as it was packaged, and what it leaves. */
final class BulkRun implements AutoCloseable {
    /** Two executors, each a process of one core, of workers in the driver's process. */
    static final String TWO_EXECUTORS = "local-cluster[2,1,1024]";
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final int LIMIT_SECONDS = 300;

    private final Process driver;
    private final Path log;

    private BulkRun(Process driver, Path log) {
        this.driver = driver;
        this.log = log;
    }

    /** Starts it in a folder, where executors find the packaged jars as they find those of a Spark. */
    static BulkRun start(Path folder, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-jar", TARGET.resolve("jars/bulk.jar").toString()));
        command.addAll(List.of(options));
        Path log = Files.createTempFile(folder, "bulk", ".log");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(Map.of("SPARK_HOME", TARGET.toString(), "SPARK_SCALA_VERSION", "2.13",
                "SPARK_LOCAL_IP", "127.0.0.1", "SPARK_WORKER_DIR", folder.resolve("work").toString()));
        return new BulkRun(builder.start(), log);
    }

    /** What it ends with. */
    int exitCode() throws IOException, InterruptedException {
        if (!driver.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end: " + says());
        }
        return driver.exitValue();
    }

    /** Whether it has ended by then. */
    boolean endsWithin(int millis) throws InterruptedException {
        return driver.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** All that it printed. */
    String says() throws IOException {
        return Files.readString(log);
    }

    /** The driver, for signals. */
    ProcessHandle driver() {
        return driver.toHandle();
    }

    /** The executors that are there. */
    List<ProcessHandle> executors() {
        return driver.descendants().filter(process -> process.info().arguments()
                .map(arguments -> String.join(" ", arguments).contains("CoarseGrainedExecutorBackend")).orElse(false))
                .toList();
    }

    /** Waits for one more file; false if it has ended before. */
    boolean drawsAnother(Path out) throws IOException, InterruptedException {
        int before = files(out).size();
        while (files(out).size() == before && driver.isAlive()) {
            Thread.sleep(20);
        }
        return driver.isAlive();
    }

    /** Waits until so many files of samples are there. */
    void awaitFiles(Path out, int number) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (files(out).size() < number) {
            if (!driver.isAlive() || System.nanoTime() > end) {
                throw new AssertionError("there are not " + number + " files: " + says());
            }
            Thread.sleep(20);
        }
    }

    /** The files of samples in a folder, by name. */
    static List<Path> files(Path out) throws IOException {
        if (!Files.isDirectory(out)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(out)) {
            return all.filter(file -> file.getFileName().toString().matches("samples-.*\\.parquet")).sorted().toList();
        }
    }

    /** All rows in a folder by seed; a seed that stands twice is an error. */
    static SortedMap<Long, String> rows(Path out) throws IOException {
        SortedMap<Long, String> rows = new TreeMap<>();
        for (Path file : files(out)) {
            try (ParquetReader<Group> reader = ParquetReader
                    .builder(new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri())).build()) {
                for (Group row = reader.read(); row != null; row = reader.read()) {
                    if (rows.put(row.getLong("seed", 0), row.toString()) != null) {
                        throw new AssertionError("seed " + row.getLong("seed", 0) + " stands twice, also in " + file);
                    }
                }
            }
        }
        return rows;
    }

    /** Sends a signal. */
    static void signal(String name, ProcessHandle process) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves nothing behind. */
    @Override
    public void close() {
        List<ProcessHandle> all = driver.descendants().toList();
        driver.destroyForcibly().onExit().join();
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
