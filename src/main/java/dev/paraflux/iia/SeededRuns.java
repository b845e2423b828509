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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

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
        run(system, seed -> method, end -> {}, ends);
    }

    /**
     * @param methods  of each seed's place in its batch
     * @param finished is told the number of seeds of each batch once it has run
     */
    private void run(TriangularSystem system, IntFunction<Method> methods, IntConsumer finished,
            Consumer<float[]> ends) {
        try (Sampler sampler = Sampler.builder(denoiser, grid).solver((ignored, prediction) -> system).maxBatch(batch)
                .maxSamples(batch).build()) {
            for (int first = 0; first < count; first += Math.min(batch, count - first)) {
                int seeds = Math.min(batch, count - first);
                for (Sample sample : sampler.sample(requests(first, seeds, methods), options)) {
                    ends.accept(values(sample));
                }
                finished.accept(seeds);
            }
        }
    }

    /** Most seeds of a batch. */
    int most() {
        return Math.min(batch, count);
    }

    /**
     * Runs a system in rows that are kept; where those of all seeds are in memory together, only from the first row on that
     * is another than in the system before.
     *
     * @param first     that row; 0 for the first system
     * @param last      the last row to compute
     * @param equations receive the inner products of the rows after it, in the order of the seeds; null if there are none
     */
    void resume(TriangularSystem system, KeptRows kept, int first, int last, NormalEquations equations,
            Consumer<float[]> ends) {
        double[][] products = new double[most()][];
        if (equations != null) {
            Arrays.setAll(products, seed -> new double[NormalEquations.products(equations.count())]);
        }
        run(system, seed -> new Substitution(kept, seed, count <= batch ? first : 0, last, products[seed]), seeds -> {
            for (int seed = 0; seed < seeds && equations != null; seed++) {
                equations.add(products[seed]);
            }
        }, ends);
    }

    private List<Request> requests(int from, int seeds, IntFunction<Method> methods) {
        List<Request> requests = new ArrayList<>();
        for (int s = 0; s < seeds; s++) {
            requests.add(Request.seed(firstSeed + from + s)
                    .withCondition(conditions.get((from + s) % conditions.size())).withMethod(methods.apply(s)));
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
