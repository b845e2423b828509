package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.window.Picard;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.remote.DenoiserServer;
import dev.paraflux.model.remote.RemoteDenoiser;
import dev.paraflux.model.remote.RemoteOptions;
import dev.paraflux.model.remote.ServerOptions;
import dev.paraflux.schedule.TimeGrid;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a round costs more where its rows are evaluated by 1, 2 and 4 workers, processes of this machine, one row each, of a
 * model that takes 5 ms: beside the least that it could, plain sockets without any protocol. And how much sooner a sample is
 * there where four workers take one row at a time.
 *
 * <p>Sockets and gRPC take turns; medians, in milliseconds beyond the model's 5. Processor time is
 * of all processes together. Nothing is counted before the compilers have done their work, which takes a minute.
 */
public final class RemoteRounds {
    private static final int WORKERS = 4;
    private static final int ROUNDS = Integer.getInteger("rounds", 1500);
    /** Until most of what both sides run is compiled. */
    private static final int WARM_UP = 4 * ROUNDS;
    /** Sockets and gRPC take turns after so many rounds, in which processor time can be told. */
    private static final int TURN = 50;
    private static final int STEPS = 100;
    /** Of these the quickest counts. */
    private static final int SAMPLES = 8;

    private RemoteRounds() {}

    /** Starts its own workers; none of its arguments are for users. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            work(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
            return;
        }
        System.out.printf("%-10s %-8s %10s %10s %14s %14s%n", "row", "workers", "sockets", "gRPC", "sockets, CPU",
                "gRPC, CPU");
        for (int dim : new int[] {1024, 262_144}) {
            try (Service service = new Service(dim)) {
                service.overhead(dim, WORKERS, WARM_UP);
                for (int count : new int[] {1, 2, WORKERS}) {
                    System.out.println(service.overhead(dim, count, ROUNDS));
                }
            }
        }
        try (Service service = new Service(STEPS)) {
            service.samples(STEPS);
        }
    }

    /** A worker: prints the ports of its service and of its plain socket. */
    private static void work(Path folder, int dim) throws Exception {
        try (PretrainedDenoiser model = SleepingModel.load(folder, dim);
                DenoiserServer server = DenoiserServer.start(model, ServerOptions.LOCAL);
                ServerSocketChannel plain = ServerSocketChannel.open()) {
            plain.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            System.out.println(server.port() + " " + ((InetSocketAddress) plain.getLocalAddress()).getPort());
            Thread echo = new Thread(() -> echo(plain, dim));
            echo.setDaemon(true);
            echo.start();
            while (System.in.read() >= 0) {
            }
        }
    }

    private static void echo(ServerSocketChannel plain, int dim) {
        ByteBuffer row = ByteBuffer.allocateDirect(dim * Float.BYTES);
        try (SocketChannel client = plain.accept()) {
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            while (true) {
                row.clear();
                while (row.hasRemaining()) {
                    if (client.read(row) < 0) {
                        return;
                    }
                }
                SleepingModel.sleep(System.nanoTime(), 1);
                row.flip();
                while (row.hasRemaining()) {
                    client.write(row);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Workers in processes of their own. */
    private static final class Service implements AutoCloseable {
        private final Path folder = Files.createTempDirectory("remote-rounds");
        private final int dim;
        private final List<Process> processes = new ArrayList<>();
        private final List<String> addresses = new ArrayList<>();
        private final List<SocketChannel> sockets = new ArrayList<>();

        Service(int dim) throws IOException {
            this.dim = dim;
            for (int k = 0; k < WORKERS; k++) {
                Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED", "-cp",
                        System.getProperty("java.class.path"), RemoteRounds.class.getName(), folder.toString(),
                        Integer.toString(dim)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
                processes.add(process);
                String[] ports = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine()
                        .split(" ");
                addresses.add("localhost:" + ports[0]);
                SocketChannel socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(),
                        Integer.parseInt(ports[1])));
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
                sockets.add(socket);
            }
        }

        /** One line: what rounds of a row each take more than the model; and of the processors, in all processes. */
        String overhead(int values, int count, int rounds) throws IOException {
            TimeGrid grid = SleepingModel.card(values).scheduler().grid(10);
            try (RemoteDenoiser remote = remote(count);
                    Buffer states = Device.cpu().allocate(count, values);
                    Buffer predictions = Device.cpu().allocate(count, values)) {
                Batch batch = new Batch(count);
                double[] plain = new double[rounds];
                double[] grpc = new double[rounds];
                double plainCpu = 0;
                double grpcCpu = 0;
                for (int round = 0; round < rounds; round += TURN) {
                    double begun = cpuMillis();
                    for (int k = round; k < Math.min(rounds, round + TURN); k++) {
                        batch.begin(states, 0, predictions, 0);
                        for (int i = 0; i < count; i++) {
                            batch.add(grid.level(i), Condition.none());
                        }
                        grpc[k] = millis(() -> batch.evaluateBy(remote));
                    }
                    double between = cpuMillis();
                    for (int k = round; k < Math.min(rounds, round + TURN); k++) {
                        plain[k] = millis(() -> exchange(states, predictions, count));
                    }
                    grpcCpu += between - begun;
                    plainCpu += cpuMillis() - between;
                }
                return String.format("%-10s %-8d %10.2f %10.2f %14.2f %14.2f", values * Float.BYTES / 1024 + " KiB",
                        count, median(plain), median(grpc), plainCpu / rounds, grpcCpu / rounds);
            }
        }

        private interface Work {
            void run() throws IOException;
        }

        /** What it takes longer than the model. */
        private static double millis(Work work) throws IOException {
            long begun = System.nanoTime();
            work.run();
            return (System.nanoTime() - begun - SleepingModel.ROW_NANOS) * 1e-6;
        }

        /** What all processes have taken of the processors. */
        private double cpuMillis() {
            return Stream.concat(Stream.of(ProcessHandle.current()), processes.stream().map(Process::toHandle))
                    .mapToDouble(process -> process.info().totalCpuDuration().orElseThrow().toNanos() * 1e-6).sum();
        }

        private void exchange(Buffer states, Buffer predictions, int count) throws IOException {
            for (int i = 0; i < count; i++) {
                ByteBuffer row = states.bytes(i, 1);
                while (row.hasRemaining()) {
                    sockets.get(i).write(row);
                }
            }
            for (int i = 0; i < count; i++) {
                ByteBuffer row = predictions.bytes(i, 1);
                while (row.hasRemaining()) {
                    sockets.get(i).read(row);
                }
            }
        }

        private RemoteDenoiser remote(int count) throws IOException {
            return RemoteDenoiser.connect(SleepingModel.card(dim),
                    RemoteOptions.of(addresses.subList(0, count)).withChunkRows(1));
        }

        /** Seconds of a sample by one worker and by four, in turns. */
        void samples(int steps) throws IOException {
            try (PretrainedDenoiser here = SleepingModel.load(folder, dim);
                    RemoteDenoiser one = remote(1);
                    RemoteDenoiser four = remote(WORKERS)) {
                double sequential = seconds(here, new Sequential(), steps);
                System.out.printf("%d steps: sequential, one process: %.2f s%n", steps, sequential);
                double byOne = Double.MAX_VALUE;
                double byFour = Double.MAX_VALUE;
                for (int run = 0; run < SAMPLES; run++) {
                    byFour = Math.min(byFour, seconds(four, Picard.defaults(), steps));
                    byOne = Math.min(byOne, seconds(one, Picard.defaults(), steps));
                }
                System.out.printf(
                        "%d steps: Picard, one row at a time: %.2f s by one worker, %.2f s by %d, %.1f times%n",
                        steps, byOne, byFour, WORKERS, byOne / byFour);
            }
        }

        private static double seconds(Denoiser model, Method method, int steps) {
            TimeGrid grid = SleepingModel.card(steps).scheduler().grid(steps);
            try (Sampler sampler = Sampler.builder(model, grid).method(method).build()) {
                long begun = System.nanoTime();
                sampler.sample(Request.seed(1));
                return (System.nanoTime() - begun) * 1e-9;
            }
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel socket : sockets) {
                socket.close();
            }
            processes.forEach(Process::destroyForcibly);
            Files.deleteIfExists(folder.resolve("sleeping.model"));
            Files.deleteIfExists(folder);
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
