package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.model.GaussianDenoiser;
import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TimeGrid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the first samples of a process cost, after a warm-up and some samples before, of a model that takes next to no time: 20
 * steps, one after the other. A process for each, in turn.
 *
 * <pre>benchmarks/run study FirstSamples [PROCESSES]</pre>
 */
public final class FirstSamples {
    private static final int DIM = 64;
    private static final int STEPS = 20;
    private static final int NEXT = 10;
    /** Samples before the first that counts; -1 for not even a warm-up. */
    private static final int[] BEFORE = {-1, 0, 1, 100, 2000};

    private FirstSamples() {}

    /** @param arguments how many processes for each; 5 if not given */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 2) {
            System.out.println(measured(Integer.parseInt(arguments[1])));
            return;
        }
        int processes = arguments.length == 0 ? 5 : Integer.parseInt(arguments[0]);
        List<List<double[]>> all = new ArrayList<>();
        for (int before : BEFORE) {
            all.add(new ArrayList<>());
        }
        for (int process = 0; process < processes; process++) {
            for (int i = 0; i < BEFORE.length; i++) {
                all.get(i).add(process(BEFORE[i]));
            }
        }
        System.out.println("| before the first sample | that takes, ms | the first, ms | the next ten, ms |");
        System.out.println("|---|---|---|---|");
        for (int i = 0; i < BEFORE.length; i++) {
            System.out.printf(Locale.ROOT, "| %s | %.1f | %.3f | %.3f |%n", name(BEFORE[i]), median(all.get(i), 0),
                    median(all.get(i), 1), median(all.get(i), 2));
        }
    }

    private static String name(int before) {
        return before < 0 ? "nothing" : before == 0 ? "`warmUp`" : "`warmUp`, samples: " + before;
    }

    private static double median(List<double[]> rows, int column) {
        return rows.stream().mapToDouble(row -> row[column]).sorted().skip((rows.size() - 1) / 2).findFirst()
                .orElseThrow();
    }

    private static double[] process(int before) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), FirstSamples.class.getName(), "before",
                String.valueOf(before)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String told = new String(process.getInputStream().readAllBytes()).trim();
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException("the process ended with " + code);
        }
        return Arrays.stream(told.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    private static String measured(int before) {
        TimeGrid grid = TimeGrid.of(NoiseSchedule.linear(1000, 1e-4, 0.02), STEPS, Spacing.TRAILING, 0, FinalAlpha.ONE);
        Request request = Request.seed(1);
        try (GaussianDenoiser model = new GaussianDenoiser(new int[] {DIM}, 0.5, new float[DIM], List.of());
                Sampler sampler = Sampler.builder(model, grid).build()) {
            long begun = System.nanoTime();
            if (before >= 0) {
                sampler.warmUp(request);
            }
            for (int i = 0; i < before; i++) {
                sampler.sample(request);
            }
            double warm = (System.nanoTime() - begun) * 1e-6;
            double[] samples = new double[1 + NEXT];
            for (int i = 0; i < samples.length; i++) {
                begun = System.nanoTime();
                sampler.sample(request);
                samples[i] = (System.nanoTime() - begun) * 1e-6;
            }
            Arrays.sort(samples, 1, samples.length);
            return warm + " " + samples[0] + " " + samples[1 + NEXT / 2];
        }
    }
}
