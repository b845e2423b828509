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
    private static final double MILLIS = 1;

    private final Process process;
    private final int port;

    /**
     * Starts it.
     *
     * @param port 0 for one that is free
     * @param before words of a command that runs it, for example within a network of its own
     */
    WorkerProcess(Path folder, String host, int port, String... before) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(before));
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-cp",
                System.getProperty("java.class.path"), WorkerProcess.class.getName(), folder.toString(),
                host + ":" + port));
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        this.port = port == 0 ? awaitPort() : port;
    }

    private int awaitPort() throws IOException {
        String line = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
        if (line == null) {
            throw new IOException("the worker has ended");
        }
        return Integer.parseInt(line);
    }

    int port() {
        return port;
    }

    void slowDown(double millisARow) throws IOException {
        PrintStream out = new PrintStream(process.getOutputStream(), true);
        out.println(millisARow);
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

    /** Serves until nobody has its input open any more; a line there is the time of a row from now on. */
    public static void main(String[] arguments) throws Exception {
        ToyBackend backend = new ToyBackend(MILLIS);
        try (PretrainedDenoiser model = backend.load(Path.of(arguments[0]), RemoteProcessesTest.CARD);
                DenoiserServer server = DenoiserServer.start(model,
                        ServerOptions.at(arguments[1]).withPlainOpen())) {
            System.out.println(server.port());
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                backend.setMillis(Double.parseDouble(line));
            }
        }
    }
}
