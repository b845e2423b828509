package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.ForwardingDenoiser;
import dev.paraflux.schedule.TimeGrid;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Seconds of each method where a model call takes 5 ms whatever the batch, as on a device that no batch fills, and what the
 * rounds themselves take: the last table of docs/sparse-rounds.md. An exact mixture of ten Gaussians in 64 dimensions,
 * unguided.
 *
 * <pre>java -cp ... dev.paraflux.benchmarks.study.SparseWall</pre>
 */
public final class SparseWall {
    private static final long CALL_NANOS = 5_000_000;
    private static final int REPEATS = 3;

    private SparseWall() {}

    /** @param arguments none */
    public static void main(String[] arguments) {
        System.out.println("| N | method | rounds | evaluations | seconds | speed-up | us a round beside the model |");
        System.out.println("|---|---|---|---|---|---|---|");
        try (SparseProblems problems = new SparseProblems(false)) {
            for (SparseProblems.Problem problem : problems.all()) {
                if (problem.name().startsWith("mixture, DDIM") && problem.guidance() == 1) {
                    print(problem.model(), problem.grid(), problem.grid().steps());
                }
            }
        }
    }

    private static void print(Denoiser mixture, TimeGrid grid, int steps) {
        Map<String, Method> methods = new LinkedHashMap<>();
        methods.put("sequential", new Sequential());
        methods.put("Picard", Picard.defaults());
        methods.put("ParaTAA", ParaTaa.defaults().withWindow(100));
        methods.put("ParaTAA, all rows", ParaTaa.defaults());
        methods.put("sparse rounds", SparseParaTaa.defaults());
        double sequential = Double.NaN;
        for (Map.Entry<String, Method> method : methods.entrySet()) {
            try (Sampler sampler = Sampler.builder(new Steady(mixture), grid).method(method.getValue()).maxBatch(1024)
                    .build()) {
                Sample sample = sampler.sample(Request.seed(60).withLabel(3));
                double seconds = Double.POSITIVE_INFINITY;
                double beside = Double.POSITIVE_INFINITY;
                for (int repeat = 0; repeat < REPEATS; repeat++) {
                    sample = sampler.sample(Request.seed(60).withLabel(3));
                    seconds = Math.min(seconds, sample.stats().seconds());
                    beside = Math.min(beside, sample.stats().seconds() - sample.stats().modelSeconds());
                }
                sequential = method.getValue() instanceof Sequential ? seconds : sequential;
                int rounds = sample.stats().rounds();
                System.out.printf("| %d | %s | %d | %d | %.3f | %.1f | %.0f |%n", steps, method.getKey(), rounds,
                        sample.stats().evaluations(), seconds, sequential / seconds, 1e6 * beside / rounds);
            }
        }
    }

    /** A model that takes its time: what it does not need itself, the thread sleeps, as one that waits for a device. */
    private static final class Steady extends ForwardingDenoiser {
        Steady(Denoiser model) {
            super(model);
        }

        @Override
        public void evaluate(Batch batch) {
            long end = System.nanoTime() + CALL_NANOS;
            super.evaluate(batch);
            for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }
}
