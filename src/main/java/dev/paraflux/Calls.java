package dev.paraflux;

import dev.paraflux.check.Require;
import dev.paraflux.engine.Engine;
import dev.paraflux.engine.Plan;
import dev.paraflux.engine.Run;
import dev.paraflux.model.Denoiser;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;

/** Checks requests, and makes calls of them. Thread-safe. */
final class Calls {
    /** Requests that one call can have. */
    private static final int MAX_REQUESTS = 1 << 20;

    private final Denoiser denoiser;
    private final Plans plans;
    private final Engine engine;
    private final Executor executor;
    private final int dim;
    private final int maxBatch;
    private final StartRows startRows;

    Calls(Denoiser denoiser, Plans plans, Engine engine, Executor executor, int maxBatch) {
        this.denoiser = denoiser;
        this.plans = plans;
        this.engine = engine;
        this.executor = executor;
        this.maxBatch = maxBatch;
        dim = denoiser.dim();
        startRows = new StartRows(dim);
    }

    /**
     * A call of some requests; its time begins.
     *
     * @throws IllegalArgumentException if one of them is illegal
     * @throws IllegalStateException    if the stream of previews serves another call
     */
    SampleCall of(List<Request> requests, RunOptions options) {
        Objects.requireNonNull(requests, "requests");
        Objects.requireNonNull(options, "options");
        Require.between(1, MAX_REQUESTS, "number of requests", requests.size());
        // A copy, so that what was checked is what will run.
        List<Request> legal = List.copyOf(requests);
        SampleCall call = call();
        SampleRun[] runs = new SampleRun[legal.size()];
        for (int i = 0; i < runs.length; i++) {
            runs[i] = run();
            runs[i].set(legal.get(i), plan(legal.get(i)), call, null);
        }
        if (options.previews() != null) {
            options.previews().claim();
        }
        call.begin(options, runs);
        return call;
    }

    /**
     * A warm-up for requests like these, all at once.
     *
     * @throws IllegalArgumentException if one of them is illegal, or there is none
     */
    WarmUp warmUp(Request... requests) {
        Objects.requireNonNull(requests, "requests");
        Require.between(1, MAX_REQUESTS, "number of requests", requests.length);
        List<Run> runs = new ArrayList<>();
        long rows = 0;
        for (Request request : requests) {
            SampleRun run = run();
            Plan plan = plan(request);
            run.set(request, plan, null, null);
            runs.add(run);
            rows += plan.method().mostRows(plan.system());
        }
        return new WarmUp(engine, runs, (int) Math.min(rows, maxBatch));
    }

    /** Completes futures and tells listeners. */
    Executor executor() {
        return executor;
    }

    /** A call without requests yet. */
    SampleCall call() {
        return new SampleCall(engine, executor, dim);
    }

    /** A run without a request yet. */
    SampleRun run() {
        return new SampleRun(startRows, dim);
    }

    /**
     * The request's plan, if all of it is legal.
     *
     * @throws IllegalArgumentException if it is not
     */
    Plan plan(Request request) {
        Plan plan = plans.of(Objects.requireNonNull(request, "request"));
        denoiser.requireLegal(request.conditioning());
        request.given().requireFits(plan.system(), dim);
        return plan;
    }
}
