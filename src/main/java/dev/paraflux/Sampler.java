package dev.paraflux;

import dev.paraflux.check.Require;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.method.Method;
import dev.paraflux.method.Sequential;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Draws samples from a diffusion model.
 *
 * <pre>{@code
 * try (TorchScriptDenoiser model = DemoModel.load();
 *         Sampler sampler = Sampler.builder(model, model.card().scheduler().grid(50)).build()) {
 *     float[] three = sampler.sample(Request.seed(1).withLabel(3)).values();
 * }
 * }</pre>
 *
 * <p>Several requests are solved together, their rows in common batches, each ending on its own. Memory is taken when a
 * number of samples is first met and kept for the next call; rounds allocate nothing.
 *
 * <p>Thread-safe. Calls run one after another, in the order in which they were made; {@link Stats#queuedSeconds()} tells
 * how long one waited. A time limit counts from the call. While it waits, a call can be cancelled or interrupted, or its
 * time pass, at once; once it runs, within one model call. What the run calls back (the model, a decoder, the listener)
 * may throw: that ends the run, reaches the caller as it is, frees the run's memory and leaves the sampler as good as
 * before.
 *
 * <p>Closing the sampler does not close the model.
 */
public final class Sampler implements AutoCloseable {
    /** A thread without a run ends after so long. */
    private static final int IDLE_SECONDS = 10;

    private final Denoiser denoiser;
    private final TriangularSystem system;
    private final int maxBatch;
    private final int dim;
    private final Lifetime lifetime = new Lifetime("Sampler");
    private final Calls calls = new Calls(lifetime);
    private final Turn turn = new Turn();
    private final Drivers drivers;
    private ExecutorService executor;

    private Sampler(Builder settings) {
        denoiser = settings.denoiser;
        system = settings.solver.system(settings.grid, denoiser.prediction())
                .withStartScale(settings.grid.startScale());
        maxBatch = settings.maxBatch;
        dim = Require.atLeast(1, "dim", denoiser.dim());
        for (int row = 0; row < system.rows(); row++) {
            if (system.evaluated(row)) {
                denoiser.requireLegal(system.level(row));
            }
        }
        settings.method.requireSuits(system, dim);
        drivers = new Drivers(system, settings.method, settings.device == null ? Device.cpu() : settings.device,
                denoiser,
                maxBatch, lifetime);
    }

    /** Begins a sampler of a model on a grid: DDIM, sequential, on the CPU, unless set otherwise. */
    public static Builder builder(Denoiser denoiser, TimeGrid grid) {
        return new Builder(denoiser, grid);
    }

    /** The settings of a sampler. */
    public static final class Builder {
        /** Most evaluations that one model call may be asked to take. */
        public static final int MAX_BATCH = 65536;

        private final Denoiser denoiser;
        private final TimeGrid grid;
        private Solver solver = new Ddim();
        private Method method = new Sequential();
        private Device device;
        private int maxBatch = 64;

        private Builder(Denoiser denoiser, TimeGrid grid) {
            this.denoiser = Objects.requireNonNull(denoiser, "denoiser");
            this.grid = Objects.requireNonNull(grid, "grid");
        }

        /** The solver; DDIM with eta 0 if not set. */
        public Builder solver(Solver newSolver) {
            solver = Objects.requireNonNull(newSolver, "solver");
            return this;
        }

        /** The method; sequential if not set. */
        public Builder method(Method newMethod) {
            method = Objects.requireNonNull(newMethod, "method");
            return this;
        }

        /** The device; the CPU if not set. */
        public Builder device(Device newDevice) {
            device = Objects.requireNonNull(newDevice, "device");
            return this;
        }

        /** Most evaluations in one model call, 1 to {@value #MAX_BATCH}; 64 if not set. Larger rounds take several calls. */
        public Builder maxBatch(int rows) {
            maxBatch = Require.between(1, MAX_BATCH, "maxBatch", rows);
            return this;
        }

        /**
         * The sampler.
         *
         * @throws IllegalArgumentException if the solver does not suit the grid or the model, or the method the solver
         */
        public Sampler build() {
            return new Sampler(this);
        }
    }

    /** The equations it solves. */
    public TriangularSystem system() {
        return system;
    }

    /** Draws one sample. */
    public Sample sample(Request request) {
        return sample(List.of(request)).get(0);
    }

    /** Draws samples, in the order of the requests. */
    public List<Sample> sample(List<Request> requests) {
        return sample(requests, RunOptions.defaults());
    }

    /**
     * Draws samples, watched and stoppable. A run that is stopped returns too: see {@link Sample#status()}. If the thread is
     * interrupted, the run is cancelled and the thread stays interrupted.
     *
     * @throws IllegalArgumentException if a request is illegal; nothing has been done then
     * @throws IllegalStateException    if the sampler or the model is closed, or this is called from within a run
     */
    public List<Sample> sample(List<Request> requests, RunOptions options) {
        RunLimits limits = new RunLimits(options);
        calls.begin(limits);
        try {
            if (turn.isMine()) {
                throw new IllegalStateException("this sampler is in the middle of a run on this thread: from a listener"
                        + " or a model, use another sampler");
            }
            return run(requireLegal(requests), options, limits, turn.lineUp());
        } finally {
            calls.end(limits);
        }
    }

    /**
     * Draws samples on a thread of the sampler's own. The call takes its place in the line now.
     *
     * <p>Whoever completes the future, or any stage that comes from it, before the run does, stops the run: by {@code
     * cancel}, {@code orTimeout}, {@code completeOnTimeout} or {@code complete}. From within a run of this sampler, from a
     * listener for example, another one may be begun like this, but not waited for: {@code join} and {@code get} are
     * refused there with an IllegalStateException, since the run that they wait for waits for the present one. To wait for
     * what does not come from the future itself, {@code CompletableFuture.allOf} for example, cannot be refused, and never
     * ends.
     *
     * @throws IllegalArgumentException if a request is illegal
     * @throws IllegalStateException    if the sampler is closed
     */
    public CompletableFuture<List<Sample>> sampleAsync(List<Request> requests, RunOptions options) {
        Cancellation cancellation = new Cancellation(options.cancellation());
        RunOptions own = options.withCancellation(cancellation);
        RunLimits limits = new RunLimits(own);
        calls.begin(limits);
        Turn.Place place = null;
        try {
            List<Request> legal = requireLegal(requests);
            CompletableFuture<List<Sample>> future = new RunFuture<>(cancellation, turn);
            Turn.Place inLine = turn.lineUp();
            place = inLine;
            executor().execute(() -> complete(future, legal, own, limits, inLine));
            return future;
        } catch (Throwable e) {
            // Not even a thread for it, perhaps.
            if (place != null) {
                turn.giveUp(place);
            }
            calls.end(limits);
            throw e;
        }
    }

    private void complete(CompletableFuture<List<Sample>> future, List<Request> requests, RunOptions options,
            RunLimits limits, Turn.Place place) {
        List<Sample> samples = null;
        Throwable failure = null;
        try {
            samples = run(requests, options, limits, place);
        } catch (Throwable e) {
            failure = e;
        }
        // Released before the future completes, so that whoever waits for it can close the sampler.
        calls.end(limits);
        if (failure == null) {
            future.complete(samples);
        } else {
            future.completeExceptionally(failure);
        }
    }

    /** Waits for the turn, and runs. */
    private List<Sample> run(List<Request> requests, RunOptions options, RunLimits limits, Turn.Place place) {
        Status stop = turn.await(place, limits);
        double queued = limits.seconds();
        if (stop != null) {
            return Collections.nCopies(requests.size(), Sample.neverBegun(stop, queued));
        }
        try {
            double prepared = 0;
            if (!drivers.has(requests.size())) {
                // Not beside the memory of another number of samples.
                drivers.close();
                denoiser.prepare(Math.min(requests.size(), maxBatch));
                prepared = limits.seconds() - queued;
            }
            return drivers.of(requests.size()).run(requests, options, limits, queued, prepared);
        } catch (Throwable e) {
            drivers.closeAfter(e);
            throw e;
        } finally {
            turn.leave();
        }
    }

    /** A copy, so that what was checked is what will run. */
    private List<Request> requireLegal(List<Request> requests) {
        requireLegalNumber(requests.size());
        List<Request> copy = List.copyOf(requests);
        requireLegalNumber(copy.size());
        for (Request request : copy) {
            denoiser.requireLegal(request.condition());
            request.requireFits(system, dim);
        }
        return copy;
    }

    /** As many rows as one buffer can hold. */
    private void requireLegalNumber(int requests) {
        Require.between(1, Integer.MAX_VALUE / (system.rows() + 1), "number of requests", requests);
    }

    /** A thread for each run, most of which wait for their turn, so that any of them can be stopped while it waits. */
    private synchronized ExecutorService executor() {
        if (executor == null) {
            executor = new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS,
                    new SynchronousQueue<>(), task -> {
                        Thread thread = new Thread(task, "paraflux-sampler");
                        thread.setDaemon(true);
                        return thread;
                    });
        }
        return executor;
    }

    /**
     * Frees the sampler's memory. A second call does nothing. Runs that were cancelled, or whose future was, are waited for,
     * one model call at most; from within a run nothing is.
     *
     * @throws IllegalStateException if another run is under way or waits for its turn; the sampler stays open, and the run
     *                               goes on: cancel it, or wait for it, then close
     */
    @Override
    public void close() {
        if (!turn.isMine()) {
            try {
                calls.awaitCancelled();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (lifetime.closeWith(drivers::close)) {
            shutDown();
        }
    }

    private synchronized void shutDown() {
        if (executor != null) {
            executor.shutdown();
        }
    }
}
