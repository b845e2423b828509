package dev.paraflux.model.remote;

import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A worker of the toy model in a process of its own, which can be slowed, stopped, continued and killed. */
final class WorkerProcess implements AutoCloseable {
    /** Of a row, unless it is slowed. */
    static final double MILLIS = 1;
    private static final String PORT = "port ";
    private static final String ROWS = "rows ";

    private final Process process;
    private final BufferedReader output;

    /**
     * Starts it.
     *
     * @param before words of a command that runs it, for example within a network of its own
     */
    WorkerProcess(Path folder, String host, int port, String... before) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(before));
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-cp",
                System.getProperty("java.class.path"), WorkerProcess.class.getName(), folder.toString(),
                host + ":" + port));
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream()));
    }

    /** Waits until it serves. */
    void awaitServing() throws IOException {
        says(PORT);
    }

    /** What it says next behind a word. */
    private String says(String word) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(word)) {
                return line.substring(word.length());
            }
        }
        throw new IOException("the worker has ended");
    }

    /** Rows that it has evaluated. */
    long rows() throws IOException {
        tell(ROWS);
        return Long.parseLong(says(ROWS));
    }

    void slowDown(double millisARow) {
        tell(String.valueOf(millisARow));
    }

    private void tell(String line) {
        PrintStream out = new PrintStream(process.getOutputStream(), true);
        out.println(line);
    }

    void stop() {
        signal("STOP");
    }

    void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As by SIGKILL. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }

    /**
     * Serves until nobody has its input open any more; a line there is the time of a row from now on, or asks how many it has
     * evaluated.
     */
    public static void main(String[] arguments) throws Exception {
        ToyBackend backend = new ToyBackend(MILLIS);
        try (PretrainedDenoiser model = backend.load(Path.of(arguments[0]), TroubledWorkers.CARD);
                DenoiserServer server = DenoiserServer.start(model,
                        ServerOptions.at(arguments[1]).withPlainOpen())) {
            System.out.println(PORT + server.port());
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals(ROWS)) {
                    System.out.println(ROWS + backend.rows.get());
                } else {
                    backend.setMillis(Double.parseDouble(line));
                }
            }
        }
    }
}
