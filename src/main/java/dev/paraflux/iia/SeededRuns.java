package dev.paraflux.iia;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.method.Method;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Some seeds, run on one system after another, a batch of them at a time, so that memory does not grow with their
 * number.
 *
 * @param denoiser   the model
 * @param grid       the coarse grid
 * @param conditions of the seeds, in turn
 * @param firstSeed  of the seeds
 * @param count      number of seeds
 * @param batch      seeds at a time
 * @param options    of every run
 */
record SeededRuns(Denoiser denoiser, TimeGrid grid, List<Condition> conditions, long firstSeed, int count, int batch,
        RunOptions options) {

    /** The same for other seeds. */
    SeededRuns withSeeds(long newFirstSeed, int newCount) {
        return new SeededRuns(denoiser, grid, conditions, newFirstSeed, newCount, batch, options);
    }

    /**
     * Runs a system, and hands on the samples of the seeds, in order.
     *
     * @throws DivergedException     if a value is not finite
     * @throws CancellationException if the run was stopped
     */
    void run(TriangularSystem system, Method method, Consumer<float[]> ends) {
        try (Sampler sampler = Sampler.builder(denoiser, grid).solver((ignored, prediction) -> system).method(method)
                .maxBatch(batch).maxSamples(batch).build()) {
            for (int first = 0; first < count; first += Math.min(batch, count - first)) {
                for (Sample sample : sampler.sample(requests(first, first + Math.min(batch, count - first)), options)) {
                    ends.accept(values(sample));
                }
            }
        }
    }

    /**
     * Runs a system in rows that are kept; where those of all seeds are in memory together, only from the first row on that
     * is another than in the system before.
     *
     * @param first     that row; 0 for the first system
     * @param last      the last row to compute
     * @param equations see {@link Substitution}
     */
    void resume(TriangularSystem system, KeptRows kept, int first, int last, NormalEquations equations,
            Consumer<float[]> ends) {
        run(system, new Substitution(kept, count <= batch ? first : 0, last, equations), ends);
    }

    private List<Request> requests(int from, int to) {
        List<Request> requests = new ArrayList<>();
        for (int s = from; s < to; s++) {
            requests.add(Request.seed(firstSeed + s).withCondition(conditions.get(s % conditions.size())));
        }
        return requests;
    }

    private static float[] values(Sample sample) {
        if (sample.status() == Status.NON_FINITE) {
            throw new DivergedException(sample.message());
        }
        if (!sample.status().isSolved()) {
            throw new CancellationException("the calibration was stopped " + sample.message());
        }
        return sample.values();
    }
}
