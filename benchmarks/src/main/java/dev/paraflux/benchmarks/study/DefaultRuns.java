package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Whether what runs with no option given is the fastest there is: whole calls of a sampler, by the default and by what one
 * could set instead, which take turns. Median and least, in milliseconds. The limit is the best of them, by the least times.
 */
public final class DefaultRuns {
    private static final int TURNS = Integer.getInteger("paraflux.turns", 4);

    /** What can be set: the runtime's own threads, and replicas, 0 for the default. */
    private record Setting(int threads, int replicas) {}

    /** A call: so many samples of so many steps at once. */
    private record Run(String name, Method method, int samples, int steps, double guidance) {}

    private static final List<Run> RUNS = List.of(new Run("one, guided", new Sequential(), 1, 100, 2),
            new Run("one", new Sequential(), 1, 100, 1), new Run("eight, guided", new Sequential(), 8, 25, 2),
            new Run("ten", new Sequential(), 10, 50, 1),
            new Run("one by ParaTAA", ParaTaa.defaults().withWindow(100), 1, 100, 1),
            new Run("one by ParaTAA", ParaTaa.defaults().withWindow(100), 1, 1000, 1));

    private DefaultRuns() {}

    /** @param arguments files of models that take a label from 0 to 9; {@code demo} for the demo model */
    public static void main(String[] arguments) throws IOException {
        int cores = Runtime.getRuntime().availableProcessors();
        List<Setting> settings = List.of(new Setting(1, 0), new Setting(1, 1), new Setting(1, cores),
                new Setting(cores, 0));
        System.out.println("| model | samples | steps | default | 1 replica | " + cores + " replicas | " + cores
                + " threads of its own | share of limit |\n|---|---|---|---|---|---|---|---|");
        for (String argument : arguments) {
            List<PretrainedDenoiser> models = new ArrayList<>();
            for (Setting setting : settings) {
                models.add(load(argument, setting));
            }
            for (Run run : RUNS) {
                System.out.println(
                        "| " + Path.of(argument).getFileName() + " | " + run.name() + " | " + run.steps() + " |"
                                + measured(run, models));
            }
            models.forEach(PretrainedDenoiser::close);
        }
    }

    private static PretrainedDenoiser load(String argument, Setting setting) throws IOException {
        LoadOptions options = LoadOptions.DEFAULT.withThreads(setting.threads());
        PretrainedDenoiser model = argument.equals("demo") ? DemoModel.load(options)
                : ModelFile.load(Path.of(argument), options);
        if (setting.replicas() > 0) {
            model.setReplicas(setting.replicas());
        }
        return model;
    }

    private static String measured(Run run, List<PretrainedDenoiser> models) {
        List<Request> requests = IntStream.range(0, run.samples()).mapToObj(i -> Request.seed(i).withLabel(i % 10))
                .toList();
        double[][] millis = new double[models.size()][TURNS];
        // The first turn warms up, and is not counted.
        for (int turn = -1; turn < TURNS; turn++) {
            for (int place = 0; place < millis.length; place++) {
                // Another one begins each turn: threads of the one before may spin on for a while.
                int k = Math.floorMod(turn + place, millis.length);
                double one = millis(run, models.get(k), requests);
                if (turn >= 0) {
                    millis[k][turn] = one;
                }
            }
        }
        StringBuilder text = new StringBuilder();
        for (double[] each : millis) {
            Arrays.sort(each);
            text.append(String.format(Locale.ROOT, " %.0f (%.0f) |", each[TURNS / 2], each[0]));
        }
        double best = Arrays.stream(millis).mapToDouble(each -> each[0]).min().orElseThrow();
        return text + String.format(Locale.ROOT, " %.2f |", best / millis[0][0]);
    }

    private static double millis(Run run, PretrainedDenoiser model, List<Request> requests) {
        try (Guidance guided = Guidance.of(model, run.guidance())) {
            Denoiser denoiser = run.guidance() == 1 ? model : guided;
            try (Sampler sampler = Sampler.builder(denoiser, model.card().scheduler().grid(run.steps()))
                    .method(run.method()).build()) {
                sampler.warmUp(requests.get(0));
                long before = System.nanoTime();
                sampler.sample(requests);
                return (System.nanoTime() - before) / 1e6;
            }
        }
    }
}
