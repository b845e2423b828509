package dev.paraflux.method;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import java.util.List;

/** What is sampled, so that methods can be compared on it. */
public record Runs(Denoiser model, TimeGrid grid, Solver solver) {
    /** One sample. */
    public Sample run(Method method, Request request) {
        return run(method, List.of(request)).get(0);
    }

    /** A sample of each request. */
    public List<Sample> run(Method method, List<Request> requests) {
        return run(method, requests, RunOptions.defaults());
    }

    /** A sample of each request, watched. */
    public List<Sample> run(Method method, List<Request> requests, RunOptions options) {
        try (Sampler sampler = Sampler.builder(model, grid).solver(solver).method(method).maxBatch(1000).build()) {
            return sampler.sample(requests, options);
        }
    }

    /** The sequential sample. */
    public float[] sequential(Request request) {
        return run(new Sequential(), request).values();
    }

    /** Largest difference of two rows. */
    public static double distance(float[] a, float[] b) {
        double largest = 0;
        for (int e = 0; e < a.length; e++) {
            largest = Math.max(largest, Math.abs((double) a[e] - b[e]));
        }
        return largest;
    }
}
