package dev.paraflux;

import dev.paraflux.check.Require;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The settings of all that draws by a sampler: how, and how much at once.
 *
 * @param <B> the builder that has them
 */
public abstract class SamplerSettings<B extends SamplerSettings<B>> {
    /** Most evaluations that one model call may be asked to take. */
    public static final int MAX_BATCH = 65536;
    /** Most samples that can be under way at once. */
    public static final int MAX_SAMPLES = 65536;

    /** Null where none was set, and none is usual. */
    Solver solver;
    Method method = new Sequential();
    int maxBatch;
    int maxSamples;
    int maxWaiting = 1024;

    /**
     * Settings before anything is set: sequential sampling.
     *
     * @param solver     null where who draws finds one
     * @param maxBatch   see {@link #maxBatch(int)}
     * @param maxSamples see {@link #maxSamples(int)}
     */
    protected SamplerSettings(Solver solver, int maxBatch, int maxSamples) {
        this.solver = solver;
        this.maxBatch = maxBatch;
        this.maxSamples = maxSamples;
    }

    @SuppressWarnings("unchecked") // A builder is what it says it is.
    private B self() {
        return (B) this;
    }

    /** The solver; if not set a sampler's is DDIM with eta 0, a pipeline's the one that its scheduler names. */
    public B solver(Solver newSolver) {
        solver = Objects.requireNonNull(newSolver, "solver");
        return self();
    }

    /** The method; sequential if not set. */
    public B method(Method newMethod) {
        method = Objects.requireNonNull(newMethod, "method");
        return self();
    }

    /**
     * Most evaluations in one model call, 1 to {@value #MAX_BATCH}; if not set 64 of a sampler, 16 of a pipeline. Guidance
     * makes two rows of each. Larger rounds take several calls.
     */
    public B maxBatch(int rows) {
        maxBatch = Require.between(1, MAX_BATCH, "maxBatch", rows);
        return self();
    }

    /**
     * Most samples under way at once, 1 to {@value #MAX_SAMPLES}; if not set 64 of a sampler, 16 of a pipeline. Others wait:
     * memory grows with this.
     */
    public B maxSamples(int samples) {
        maxSamples = Require.between(1, MAX_SAMPLES, "maxSamples", samples);
        return self();
    }

    /** Most calls that wait until samples are done, 0 or more; 1024 if not set. Beyond, calls are refused. */
    public B maxWaiting(int calls) {
        maxWaiting = Require.atLeast(0, "maxWaiting", calls);
        return self();
    }

    /** The solver that was set; another one where none was. */
    protected final Solver solverOr(Supplier<Solver> other) {
        return solver == null ? other.get() : solver;
    }

    /** The method. */
    protected final Method method() {
        return method;
    }

    /** Begins a sampler that takes as much at once. */
    protected final Sampler.Builder sampler(Denoiser denoiser, TimeGrid grid) {
        return Sampler.builder(denoiser, grid).maxBatch(maxBatch).maxSamples(maxSamples).maxWaiting(maxWaiting);
    }
}
