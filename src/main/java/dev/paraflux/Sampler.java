package dev.paraflux;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.device.Resources;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Sequential;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

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
 * number of samples is first met and kept for the next call; rounds allocate nothing. Thread-safe: calls run one after
 * another. Closing the sampler does not close the model.
 */
public final class Sampler implements AutoCloseable {
    private final Denoiser denoiser;
    private final TriangularSystem system;
    private final Method method;
    private final Device device;
    private final int maxBatch;
    private final int dim;
    private final Lifetime lifetime = new Lifetime("Sampler");
    private final Object turn = new Object();
    private Driver driver;
    private ExecutorService executor;

    private Sampler(Builder settings) {
        denoiser = settings.denoiser;
        system = settings.solver.system(settings.grid, denoiser.prediction());
        method = settings.method;
        device = settings.device == null ? Device.cpu() : settings.device;
        maxBatch = settings.maxBatch;
        dim = denoiser.dim();
        for (int row = 0; row < system.rows(); row++) {
            if (system.evaluated(row)) {
                denoiser.requireLegal(system.level(row));
            }
        }
        method.requireSuits(system, dim);
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
            if (rows < 1 || rows > MAX_BATCH) {
                throw new IllegalArgumentException("maxBatch " + rows + ": must be 1 to " + MAX_BATCH);
            }
            maxBatch = rows;
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
     * Draws samples, watched and stoppable. A run that is stopped returns too: see {@link Sample#status()}.
     *
     * @throws IllegalArgumentException if a request is illegal; nothing has been done then
     * @throws IllegalStateException    if the sampler or the model is closed, or this is called from within a run
     */
    public List<Sample> sample(List<Request> requests, RunOptions options) {
        lifetime.acquire();
        try {
            if (Thread.holdsLock(turn)) {
                throw new IllegalStateException("this sampler is in the middle of a run on this thread: from a listener"
                        + " or a model, use another sampler");
            }
            List<Request> legal = requireLegal(requests);
            synchronized (turn) {
                return driver(legal.size()).run(legal, options);
            }
        } finally {
            lifetime.release();
        }
    }

    /**
     * Draws samples on a thread of the sampler's own. Cancelling the future cancels the run within one model call.
     *
     * @throws IllegalArgumentException if a request is illegal
     * @throws IllegalStateException    if the sampler is closed
     */
    public CompletableFuture<List<Sample>> sampleAsync(List<Request> requests, RunOptions options) {
        lifetime.acquire();
        try {
            List<Request> legal = requireLegal(requests);
            Cancellation cancellation = new Cancellation(options.cancellation());
            CompletableFuture<List<Sample>> future = new CompletableFuture<>();
            future.whenComplete((samples, failure) -> {
                if (future.isCancelled()) {
                    cancellation.cancel();
                }
            });
            lifetime.acquire();
            executor().execute(() -> complete(future, legal, options.withCancellation(cancellation)));
            return future;
        } finally {
            lifetime.release();
        }
    }

    private void complete(CompletableFuture<List<Sample>> future, List<Request> requests, RunOptions options) {
        List<Sample> samples = null;
        Throwable failure = null;
        try {
            synchronized (turn) {
                samples = driver(requests.size()).run(requests, options);
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        // Released before the future completes, so that whoever waits for it can close the sampler.
        lifetime.release();
        if (failure == null) {
            future.complete(samples);
        } else {
            future.completeExceptionally(failure);
        }
    }

    /** A copy, so that what was checked is what will run. */
    private List<Request> requireLegal(List<Request> requests) {
        if (requests.isEmpty()) {
            throw new IllegalArgumentException("0 requests: must be 1 or more");
        }
        List<Request> copy = List.copyOf(requests);
        for (Request request : copy) {
            denoiser.requireLegal(request.condition());
            requireFinite("start noise", request.start(), dim);
            requireFinite("image", request.image(), dim);
            requireFinite("row noise", request.rowNoise(), (long) system.rows() * dim);
        }
        return copy;
    }

    private static void requireFinite(String what, float[] values, long length) {
        if (values == null) {
            return;
        }
        if (values.length != length) {
            throw new IllegalArgumentException(what + " of " + values.length + " values: must be " + length);
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException(what + " value " + i + " is " + values[i] + ": must be finite");
            }
        }
    }

    private void closeDriver() {
        if (driver != null) {
            driver.close();
            driver = null;
        }
    }

    /** The driver for so many samples: the last one, or a new one in its place. */
    private Driver driver(int samples) {
        if (driver == null || driver.samples() != samples) {
            closeDriver();
            denoiser.prepare(Math.min(samples, maxBatch));
            driver = lifetime.own(() -> newDriver(samples));
        }
        return driver;
    }

    private Driver newDriver(int samples) {
        Resources resources = new Resources();
        Method.Workspace workspace = null;
        try {
            Buffer start = resources.allocate(device, samples, dim);
            int noiseRows = system.noiseRows();
            Buffer noise = noiseRows == 0 ? null : resources.allocate(device, (long) samples * noiseRows, dim);
            Problem problem = new Problem(system, device, samples, dim, start, noise);
            workspace = method.allocate(problem);
            return new Driver(problem, workspace, resources, denoiser, maxBatch);
        } catch (RuntimeException | Error e) {
            if (workspace != null) {
                workspace.close();
            }
            resources.close();
            throw e;
        }
    }

    private synchronized ExecutorService executor() {
        if (executor == null) {
            executor = Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, "paraflux-sampler");
                thread.setDaemon(true);
                return thread;
            });
        }
        return executor;
    }

    /**
     * Frees the sampler's memory. A second call does nothing.
     *
     * @throws IllegalStateException if a run is under way
     */
    @Override
    public void close() {
        if (lifetime.closeWith(this::closeDriver)) {
            if (executor != null) {
                executor.shutdown();
            }
        }
    }
}
