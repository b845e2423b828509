package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.FirstGuess;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.method.window.Unrolling;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.TimeGrid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How near each method is to the sequential sample after each round: the error that counts, whatever a method's own stop
 * rule says. The demo model, 100 steps, guidance 5, the mean over labels 3, 8 and 5. Prints the table of
 * docs/methods.md and draws its plot:
 *
 * <pre>benchmarks/run study Convergence docs/pictures/convergence.png</pre>
 */
public final class Convergence {
    private static final int STEPS = 100;
    private static final int[] LABELS = {3, 8, 5};
    private static final double GUIDANCE = 5;
    private static final double[] LEVELS = {1e-1, 1e-2, 1e-3};

    private static final double LEAST_ERROR = 1e-5;
    private static final int LAST_ROUND = 40;
    /** What is drawn of all that is measured, and what it is called there. */
    private static final Map<String, String> DRAWN = drawn();

    private Convergence() {}

    private static Map<String, String> drawn() {
        Map<String, String> drawn = new LinkedHashMap<>();
        drawn.put("ParaTAA Gaussian, history 3", "ParaTAA, Gaussian");
        drawn.put("Picard", "Picard");
        drawn.put("ParaTAA order 100, history 3", "ParaTAA, order 100");
        drawn.put("ParaTAA Gaussian, history 3, sparse rounds", "sparse rounds");
        drawn.put("SRDS, 10 blocks", "SRDS, 10 blocks");
        drawn.put("CHORDS, 8 cores", "CHORDS, 8 cores");
        return drawn;
    }

    /** @param arguments where to draw the plot */
    public static void main(String[] arguments) throws IOException {
        Map<String, List<ErrorCurve>> curves = new LinkedHashMap<>();
        try (PretrainedDenoiser model = DemoModel.load(); Guidance guided = Guidance.of(model, GUIDANCE)) {
            TimeGrid grid = model.card().scheduler().grid(STEPS);
            List<float[]> references;
            try (Sampler sequential = Sampler.builder(guided, grid).build()) {
                references = sequential.sample(requests()).stream().map(Sample::values).toList();
            }
            methods().forEach((name, method) -> {
                try (Sampler sampler = Sampler.builder(guided, grid).method(method).maxBatch(128).build()) {
                    List<ErrorCurve> found = new ArrayList<>();
                    for (int s = 0; s < LABELS.length; s++) {
                        found.add(ErrorCurve.of(sampler, requests().get(s), references.get(s)));
                    }
                    curves.put(name, found);
                }
            });
        }
        print(curves);
        draw(curves, arguments[0]);
    }

    private static List<Request> requests() {
        return IntStream.range(0, LABELS.length).mapToObj(s -> Request.seed(40 + s).withLabel(LABELS[s])).toList();
    }

    /** Tolerances so small that the curves go on to the end. */
    private static Map<String, Method> methods() {
        Map<String, Method> methods = new LinkedHashMap<>();
        Picard picard = Picard.defaults().withWindow(STEPS).withTolerance(Tolerance.steps(1e-4));
        methods.put("Picard", picard.withUnrolling(Unrolling.DRIFT));
        methods.put("Picard, Gaussian", picard.withUnrolling(Unrolling.GAUSSIAN));
        for (Unrolling unrolling : Unrolling.values()) {
            for (int history = 1; history <= 4; history++) {
                String form = unrolling == Unrolling.INTEGRATING_FACTOR ? "order 100"
                        : unrolling == Unrolling.DRIFT ? "drift" : "Gaussian";
                methods.put("ParaTAA " + form + ", history " + history,
                        paraTaa(history).withUnrolling(unrolling));
            }
        }
        methods.put("ParaTAA order 20, history 3",
                paraTaa(3).withUnrolling(Unrolling.INTEGRATING_FACTOR).withOrder(20));
        methods.put("ParaTAA order 8, history 3",
                paraTaa(3).withUnrolling(Unrolling.INTEGRATING_FACTOR).withOrder(8));
        methods.put("ParaTAA Gaussian, history 3, sparse rounds", SparseParaTaa.of(paraTaa(3)));
        methods.put("ParaTAA drift, history 3, frozen x0",
                paraTaa(3).withUnrolling(Unrolling.DRIFT).withFirstGuess(FirstGuess.frozenX0()));
        methods.put("ParaTAA drift, history 3, coarse 5",
                paraTaa(3).withUnrolling(Unrolling.DRIFT).withFirstGuess(FirstGuess.coarse(5)));
        StopRule still = StopRule.pixels(1e-3);
        methods.put("SRDS, 10 blocks", Srds.defaults().withStop(still));
        methods.put("SRDS, 20 blocks", Srds.defaults().withBlocks(20).withStop(still));
        methods.put("SRDS, 5 blocks", Srds.defaults().withBlocks(5).withStop(still));
        methods.put("CHORDS, 4 cores", Chords.ofCores(4).withStop(still));
        methods.put("CHORDS, 8 cores", Chords.ofCores(8).withStop(still));
        methods.put("CHORDS, 16 cores", Chords.ofCores(16).withStop(still));
        return methods;
    }

    private static ParaTaa paraTaa(int history) {
        return ParaTaa.defaults().withWindow(STEPS).withHistory(history).withTolerance(Tolerance.residual(0, 1e-5));
    }

    private static void print(Map<String, List<ErrorCurve>> curves) {
        System.out.println("| method | rounds to 0.1 | to 0.01 | to 0.001 | evaluations to 0.001 |");
        System.out.println("|---|---|---|---|---|");
        curves.forEach((name, found) -> {
            StringBuilder line = new StringBuilder("| " + name);
            for (double level : LEVELS) {
                line.append(String.format(" | %.1f",
                        found.stream().mapToInt(c -> c.roundsTo(level)).average().orElseThrow()));
            }
            double evaluations = found.stream()
                    .mapToInt(c -> c.evaluationsTo(LEVELS[2]))
                    .average()
                    .orElseThrow();
            System.out.println(line + String.format(" | %.0f |", evaluations));
        });
    }

    private static void draw(Map<String, List<ErrorCurve>> curves, String file) throws IOException {
        StudyPlot plot = new StudyPlot("Error to the sequential sample, N = 100", "rounds", LAST_ROUND + 10, false)
                .within(LEAST_ERROR, 2);
        DRAWN.forEach((name, shown) -> {
            List<ErrorCurve> found = curves.get(name);
            int rounds = Math.min(LAST_ROUND, found.stream().mapToInt(c -> c.errors().size()).min().orElseThrow());
            double[] x = IntStream.rangeClosed(1, rounds).asDoubleStream().toArray();
            double[] y = IntStream.range(0, rounds)
                    .mapToDouble(r -> Math.max(LEAST_ERROR,
                            found.stream().mapToDouble(c -> c.errors().get(r)).average().orElseThrow()))
                    .toArray();
            plot.add(shown, x, y);
        });
        plot.write(file);
    }
}
