package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.solver.Solver;
import java.util.List;
import java.util.Map;

/**
 * Rounds that each method takes for each solver, and how far it ends from the sequential sample: the table of
 * docs/solvers.md. The demo model, guidance 2, label 3; windows of all rows, SRDS to a mean change of 0.1 of 255.
 *
 * <pre>benchmarks/run study SolverRounds</pre>
 */
public final class SolverRounds {
    private static final int[] STEPS = {20, 50, 100};

    private SolverRounds() {}

    /** @param arguments none */
    public static void main(String[] arguments) {
        System.out.println("| solver | N | sequential | Picard | ParaTAA | SRDS |");
        System.out.println("|---|---|---|---|---|---|");
        try (PretrainedDenoiser model = DemoModel.load(); Guidance guided = Guidance.of(model, 2)) {
            for (Map.Entry<String, Solver> solver : Solvers.all().entrySet()) {
                for (int steps : STEPS) {
                    print(solver.getKey(), solver.getValue(), model, guided, steps);
                }
            }
        }
    }

    private static void print(String name, Solver solver, PretrainedDenoiser model, Guidance guided, int steps) {
        StringBuilder line = new StringBuilder("| " + name + " | " + steps);
        float[] reference = null;
        List<Method> methods = List.of(new Sequential(),
                Picard.defaults().withWindow(ParaTaa.ALL).withTolerance(Tolerance.steps(1e-4)),
                ParaTaa.defaults().withWindow(ParaTaa.ALL), Srds.defaults().withStop(StopRule.pixels(0.1)));
        for (Method method : methods) {
            try (Sampler sampler = Sampler.builder(guided, model.card().scheduler().grid(steps)).solver(solver)
                    .method(method).maxBatch(256).build()) {
                Sample sample = sampler.sample(Request.seed(43).withLabel(3));
                line.append(" | ").append(sample.stats().rounds());
                if (reference == null) {
                    reference = sample.values();
                } else {
                    line.append(String.format(" (%.2f)", largestPixel(sample.values(), reference)));
                }
            }
        }
        System.out.println(line + " |");
    }

    private static double largestPixel(float[] values, float[] reference) {
        double largest = 0;
        for (int e = 0; e < values.length; e++) {
            double difference = Math.max(-1, Math.min(1, values[e])) - Math.max(-1, Math.min(1, reference[e]));
            largest = Math.max(largest, Math.abs(difference) * ImageGrid.PIXELS_OF_UNIT);
        }
        return largest;
    }
}
