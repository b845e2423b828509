package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a step of sequential sampling takes beside the plain loop of Python, from the same model file, noise and grid, on as
 * many threads: DDIM of 100 steps, one sample. They take turns, so that what else the machine does meets both; their samples are
 * compared. Without a Python that has torch there is Paraflux alone, and a line says so.
 *
 * <pre>benchmarks/run study SequentialSteps PYTHON FILE...</pre>
 */
public final class SequentialSteps {
    private static final int STEPS = 100;
    private static final int TURNS = 20;
    private static final long SEED = 43;
    private static final int LABEL = 3;

    private SequentialSteps() {}

    /** @param arguments a Python, and files of the demo model: {@code digits.pt}, {@code digits.onnx} */
    public static void main(String[] arguments) throws IOException {
        System.out.println(
                "| model | loop | p50, ms a step | p99 | least | times Paraflux's p50 | kB of garbage a sample "
                        + "| largest difference of samples |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (String file : Arrays.asList(arguments).subList(1, arguments.length)) {
            measure(arguments[0], Path.of(file));
        }
    }

    /** Both loops, on as many threads each. */
    private static void measure(String python, Path file) throws IOException {
        List<Pair> pairs = new ArrayList<>();
        for (int threads : new int[] {1, Runtime.getRuntime().availableProcessors()}) {
            pairs.add(new Pair(python, file, threads));
        }
        for (int turn = 0; turn < TURNS; turn++) {
            for (Pair pair : pairs) {
                pair.run(turn);
            }
        }
        for (Pair pair : pairs) {
            pair.print();
            pair.close();
        }
    }

    /** Paraflux and Python with the same model file on as many threads. */
    private static final class Pair implements AutoCloseable {
        private final Request request = Request.seed(SEED).withLabel(LABEL);
        private final String name;
        private final String threads;
        private final PretrainedDenoiser model;
        private final Sampler sampler;
        /** Null where there is none. */
        private final PythonLoop peer;
        private final double[] ours = new double[TURNS];
        private final double[] theirs = new double[TURNS];
        private Sample sample;
        private long bytes;

        Pair(String python, Path file, int threads) throws IOException {
            name = file.getFileName().toString();
            this.threads = threads == 1 ? ", 1 thread" : ", " + threads + " threads";
            model = ModelFile.load(file, LoadOptions.DEFAULT.withThreads(threads));
            sampler = Sampler.builder(model, model.card().scheduler().grid(STEPS)).build();
            sampler.warmUp(request);
            sampler.sample(request);
            peer = peer(python, file, threads);
        }

        private static PythonLoop peer(String python, Path file, int threads) {
            try {
                return new PythonLoop(python, file, STEPS, SEED, LABEL, threads);
            } catch (IOException e) {
                System.out.println(file.getFileName() + ": no loop of Python stands beside it, for " + e.getMessage());
                return null;
            }
        }

        void run(int turn) throws IOException {
            long before = Garbage.ofThisThread();
            sample = sampler.sample(request);
            bytes = Garbage.ofThisThread() - before;
            ours[turn] = 1e3 * sample.stats().seconds() / STEPS;
            theirs[turn] = peer == null ? Double.NaN : 1e3 * peer.seconds() / STEPS;
        }

        void print() throws IOException {
            Arrays.sort(ours);
            Arrays.sort(theirs);
            print("Paraflux", ours, String.format(Locale.ROOT, "%.1f | ", bytes / 1e3));
            if (peer != null) {
                print("Python", theirs,
                        " | " + String.format(Locale.ROOT, "%.6f", difference(sample, peer.sample())));
                System.out.println(name + ", Python" + threads + ": " + peer.words());
            }
        }

        private void print(String loop, double[] millis, String rest) {
            System.out.printf(Locale.ROOT, "| %s | %s%s | %.3f | %.3f | %.3f | %.2f | %s |%n", name, loop, threads,
                    millis[TURNS / 2], millis[TURNS - 1], millis[0], millis[TURNS / 2] / ours[TURNS / 2], rest);
        }

        @Override
        public void close() throws IOException {
            sampler.close();
            model.close();
            if (peer != null) {
                peer.close();
            }
        }
    }

    private static double difference(Sample sample, double[] other) {
        double largest = 0;
        for (int e = 0; e < other.length; e++) {
            largest = Math.max(largest, Math.abs(sample.values()[e] - other[e]));
        }
        return largest;
    }
}
