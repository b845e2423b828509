package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.device.Device;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.plan.Forecast;
import dev.paraflux.plan.Planner;
import dev.paraflux.plan.SamplingPlan;
import dev.paraflux.schedule.TimeGrid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What one sample takes by each method, which take turns, beside sequential sampling and beside what a plan said before: seconds,
 * rounds, garbage, and how far the sample is from the sequential one. The limit is N / rounds: a round that takes no longer than
 * a step.
 *
 * <pre>benchmarks/run study MethodTimes (steady|demo|FILE) STEPS,... GUIDANCE SECONDS [METHOD,...]</pre>
 *
 * <p>{@code steady} is an exact mixture of ten Gaussians in 64 dimensions, unguided, of which every call takes 5 ms whatever the
 * batch; a file is one of the demo model. There is a plan where
 * all methods are wanted, and of pretrained models.
 */
public final class MethodTimes {
    private static final long CALL_NANOS = 5_000_000;
    private static final int LEAST_TURNS = 3;
    private static final int MOST_TURNS = 50;
    private static final int MANY_STEPS = 400;
    private static final int NARROW = 100;
    private static final int CAP = 256;
    private static final long SEED = 60;
    private static final int LABEL = 3;

    private final SteadyCalls model;
    private final TimeGrid grid;
    private final int maxBatch;

    private MethodTimes(SteadyCalls model, TimeGrid grid, int maxBatch) {
        this.model = model;
        this.grid = grid;
        this.maxBatch = maxBatch;
    }

    /** @param arguments the model, steps, guidance, seconds for each number of steps, and methods if not all */
    public static void main(String[] arguments) throws IOException {
        double seconds = Double.parseDouble(arguments[3]);
        List<String> wanted = arguments.length > 4 ? List.of(arguments[4].split(",")) : List.of();
        System.out.println(
                "| N | method | rounds | rows a round, at most | evaluations | p50, s | p99, s | runs | speed-up "
                        + "| limit | share of limit | us a round beside the model | kB of garbage a run | pixels, mean | largest "
                        + "| the plan said, s |");
        System.out.println("|---".repeat(16) + "|");
        boolean steady = arguments[0].equals("steady");
        try (PretrainedDenoiser digits = steady || arguments[0].equals("demo") ? DemoModel.load()
                : ModelFile.load(Path.of(arguments[0]));
                Denoiser base = steady ? SparseProblems.mixture(70)
                        : Guidance.of(digits, Double.parseDouble(arguments[2]))) {
            SteadyCalls model = new SteadyCalls(base, steady ? CALL_NANOS : 0);
            for (String steps : arguments[1].split(",")) {
                TimeGrid grid = digits.card().scheduler().grid(Integer.parseInt(steps));
                new MethodTimes(model, grid, steady ? 1024 : 64).print(seconds, wanted, !steady || wanted.isEmpty());
            }
        }
    }

    private Map<String, Method> methods(List<String> wanted) {
        Map<String, Method> methods = new LinkedHashMap<>();
        methods.put("sequential", new Sequential());
        methods.put("picard", Picard.defaults());
        methods.put("parataa", ParaTaa.defaults());
        methods.put("sparse", SparseParaTaa.defaults());
        methods.put("srds", Srds.defaults());
        methods.put("chords", Chords.defaults());
        if (grid.steps() > MANY_STEPS) {
            methods.put("parataa, window " + NARROW, ParaTaa.defaults().withWindow(NARROW));
            methods.put("sparse, cap " + CAP, SparseParaTaa.defaults().withCap(CAP));
        }
        for (String name : wanted) {
            if (!methods.containsKey(name.replace(":", ", "))) {
                throw new IllegalValueException("method", name, "one of " + methods.keySet());
            }
        }
        methods.keySet().removeIf(name -> !name.equals("sequential") && !wanted.isEmpty()
                && !wanted.contains(name.replace(", ", ":")));
        return methods;
    }

    private static Request request() {
        return Request.seed(SEED).withLabel(LABEL);
    }

    private void print(double seconds, List<String> wanted, boolean planned) {
        Optional<SamplingPlan> plan = planned ? Optional.of(plan()) : Optional.empty();
        Map<String, Runs> all = new LinkedHashMap<>();
        methods(wanted).forEach((name, method) -> all.put(name, new Runs(Sampler.builder(model, grid).method(method)
                .maxBatch(maxBatch).build())));
        // Compiles, and takes the memory.
        all.values().forEach(runs -> runs.run(model));
        all.values().forEach(Runs::forget);
        long end = System.nanoTime() + (long) (seconds * 1e9);
        for (int turn = 0; turn < LEAST_TURNS || turn < MOST_TURNS && System.nanoTime() < end; turn++) {
            all.values().forEach(runs -> runs.run(model));
        }
        Runs sequential = all.get("sequential");
        all.forEach((name, runs) -> {
            System.out.println(runs.line(grid.steps() + " | " + name, sequential, said(plan, name)));
            runs.sampler.close();
        });
        plan.ifPresent(found -> System.out.println("N = " + grid.steps() + ", the plan: " + found.reason()));
    }

    private SamplingPlan plan() {
        return Planner.builder(model, grid).requests(List.of(request(), Request.seed(SEED + 1).withLabel(LABEL)))
                .maxBatch(maxBatch).device(Device.cpu()).build().plan();
    }

    private static String said(Optional<SamplingPlan> plan, String name) {
        return plan.stream().flatMap(found -> found.forecasts().stream())
                .filter(forecast -> forecast.candidate().toString().equals(name))
                .filter(Forecast::isChoice).map(forecast -> String.format(Locale.ROOT, "%.3f", forecast.seconds()))
                .findFirst()
                .orElse("");
    }

    /** The runs of one method. */
    private static final class Runs {
        private final Sampler sampler;
        private final List<Double> seconds = new ArrayList<>();
        private double beside = Double.POSITIVE_INFINITY;
        private long bytes;
        private int mostRows;
        private Sample last;

        Runs(Sampler sampler) {
            this.sampler = sampler;
        }

        void run(SteadyCalls model) {
            model.takeMostRows();
            long before = Garbage.ofThisThread();
            last = sampler.sample(request());
            bytes = Garbage.ofThisThread() - before;
            seconds.add(last.stats().seconds());
            beside = Math.min(beside, last.stats().ownSeconds());
            mostRows = model.takeMostRows();
        }

        void forget() {
            seconds.clear();
            beside = Double.POSITIVE_INFINITY;
        }

        private double quantile(double share) {
            List<Double> sorted = seconds.stream().sorted().toList();
            return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
        }

        String line(String begin, Runs sequential, String said) {
            int rounds = last.stats().rounds();
            double limit = sequential.last.stats().rounds() / (double) rounds;
            double speedUp = sequential.quantile(0.5) / quantile(0.5);
            double sum = 0;
            double largest = 0;
            float[] values = last.values();
            float[] reference = sequential.last.values();
            for (int e = 0; e < values.length; e++) {
                double pixels = ImageGrid.PIXELS_OF_UNIT * Math.abs((double) values[e] - reference[e]);
                sum += pixels;
                largest = Math.max(largest, pixels);
            }
            return String.format(Locale.ROOT,
                    "| %s | %d | %d | %d | %.3f | %.3f | %d | %.2f | %.1f | %.2f | %.0f | %.0f | %.4f | %.3f | %s |",
                    begin,
                    rounds, mostRows, last.stats().evaluations(), quantile(0.5), quantile(0.99), seconds.size(),
                    speedUp,
                    limit, speedUp / limit, 1e6 * beside / rounds, bytes / 1e3, sum / values.length, largest, said);
        }
    }
}
