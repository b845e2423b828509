package dev.paraflux;

import dev.paraflux.check.HeapRoom;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.engine.Engine;
import dev.paraflux.engine.Meter;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.TriangularSystem;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Draws samples from a diffusion model.
 *
 * <pre>{@code
 * try (PretrainedDenoiser model = DemoModel.load();
 *         Sampler sampler = Sampler.builder(model, model.card().scheduler().grid(50)).build()) {
 *     float[] three = sampler.sample(Request.seed(1).withLabel(3)).values();
 * }
 * }</pre>
 *
 * <p>Thread-safe, and made for many threads: their requests join the rounds that are running, share the model's calls, and
 * leave, each when it is done. They may differ in grid, solver, method, guidance, condition, mask and limits. A sample's
 * bits do not depend on the others, as far as the model's do not. A lone caller runs the rounds on its own thread; with
 * others, the threads lead in turn. At most {@code maxSamples} are under way, the others wait in order of arrival.
 *
 * <p>A time limit counts from the call. While it waits, a call can be cancelled or interrupted, or its time pass, at once;
 * once it runs, within one model call. What a run calls back (the model, a decoder, the listener) may throw: that ends the
 * call, reaches its caller as it is, and leaves the sampler and other calls as they were. Where the model fails on the
 * rows of several calls, it is asked again for those of each.
 *
 * <p>Memory is taken when it is first needed and kept for the next call; rounds allocate nothing. Closing the sampler does
 * not close the model.
 */
public final class Sampler implements AutoCloseable {
    private final Plans plans;
    private final int dim;
    private final Lifetime lifetime = new Lifetime("Sampler");
    private final Threads threads = new Threads();
    private final Engine engine;
    private final Calls calls;
    private final ReusedCalls reused;

    private Sampler(Builder settings) {
        dim = HeapRoom.require("dim", settings.denoiser.dim(), Float.BYTES);
        plans = new Plans(settings.denoiser, settings.grid, settings.solver, settings.method);
        engine = new Engine(settings.denoiser, settings.device == null ? Device.byDefault() : settings.device,
                settings.maxBatch, settings.maxSamples, settings.maxWaiting, threads, threads::close, lifetime);
        try {
            calls = new Calls(settings.denoiser, plans, engine, settings.executor == null ? threads : settings.executor,
                    settings.maxBatch);
            reused = new ReusedCalls(engine, calls);
        } catch (Throwable e) {
            engine.close(0);
            throw e;
        }
    }

    /** Begins a sampler of a model on a grid: DDIM, sequential, on the CPU, unless set otherwise. */
    public static Builder builder(Denoiser denoiser, TimeGrid grid) {
        return new Builder(denoiser, grid);
    }

    /** The settings of a sampler. */
    public static final class Builder extends SamplerSettings<Builder> {
        private final Denoiser denoiser;
        private final TimeGrid grid;
        private Device device;
        private Executor executor;

        private Builder(Denoiser denoiser, TimeGrid grid) {
            super(new Ddim(), 64, 64);
            this.denoiser = Objects.requireNonNull(denoiser, "denoiser");
            this.grid = Objects.requireNonNull(grid, "grid");
        }

        /** The device; {@link Device#byDefault} if not set. */
        public Builder device(Device newDevice) {
            device = Objects.requireNonNull(newDevice, "device");
            return this;
        }

        /**
         * Completes futures, and runs what depends on them, and calls the listeners of calls that have a future. Threads of
         * the sampler's own if not set, as many as are needed. It is not shut down with the sampler. One that runs its tasks
         * on the thread that hands them over holds up everybody's rounds with them; one of few threads needs one more for
         * each task that waits for another sample.
         */
        public Builder executor(Executor newExecutor) {
            executor = Objects.requireNonNull(newExecutor, "executor");
            return this;
        }

        /**
         * The sampler.
         *
         * @throws IllegalArgumentException if the solver does not suit the grid or the model, or the method the solver, or a
         *                                  row of the model is more than Java's heap can hold
         */
        public Sampler build() {
            return new Sampler(this);
        }
    }

    /** The equations that requests solve which name no grid and no solver. */
    public TriangularSystem system() {
        return plans.usual().system();
    }

    /** What there is to do now, and what has been done; may be asked at any time, on any thread, also once it is closed. */
    public Load load() {
        Meter meter = engine.meter();
        return new Load(meter.waiting(), meter.underWay(), meter.rounds(), meter.calls(), meter.evaluations(),
                meter.modelNanos() * 1e-9);
    }

    /** Draws one sample. */
    public Sample sample(Request request) {
        return sample(List.of(Objects.requireNonNull(request, "request"))).get(0);
    }

    /** Draws samples, in the order of the requests. */
    public List<Sample> sample(List<Request> requests) {
        return sample(requests, RunOptions.defaults());
    }

    /**
     * Draws samples, watched and stoppable. A call that is stopped returns too: see {@link Sample#status()}. If the thread is
     * interrupted, its call is cancelled and the thread stays interrupted.
     *
     * @throws IllegalArgumentException   if a request is illegal; nothing has been done then
     * @throws IllegalStateException      if the sampler or the model is closed, or this is called from within a run: by a
     *                                    listener or the model
     * @throws RejectedExecutionException if {@code maxSamples} are under way and {@code maxWaiting} calls wait
     */
    public List<Sample> sample(List<Request> requests, RunOptions options) {
        SampleCall call = calls.of(requests, options);
        try {
            engine.run(call);
        } catch (Throwable refusal) {
            call.refused(refusal);
            throw refusal;
        }
        call.closePreviews();
        if (call.problem() != null) {
            throw Thrown.asItIs(call.problem());
        }
        return call.results();
    }

    /** Draws one sample, without waiting for it; see {@link #sampleAsync(List, RunOptions)}. */
    public CompletableFuture<Sample> sampleAsync(Request request) {
        return sampleAsync(request, RunOptions.defaults());
    }

    /** Draws one sample, without waiting for it; see {@link #sampleAsync(List, RunOptions)}. */
    public CompletableFuture<Sample> sampleAsync(Request request, RunOptions options) {
        return begin(List.of(Objects.requireNonNull(request, "request")), options, samples -> samples.get(0));
    }

    /**
     * Draws samples, without waiting for them. The call takes its place in the line now.
     *
     * <p>Whoever completes the future, or any stage that comes from it, before the call is over, stops the call: by {@code
     * cancel}, {@code orTimeout}, {@code completeOnTimeout} or {@code complete}. What depends on the future runs on the
     * builder's executor; after {@code orTimeout} and {@code completeOnTimeout} what is not asynchronous runs on Java's own
     * timer, as it does for every future. From within a run of this sampler, from a listener for example, no other call may be
     * begun, and {@code join} and {@code get} are refused with an IllegalStateException. To wait there for what does not come
     * from the future itself, {@code CompletableFuture.allOf} for example, cannot be refused, and never ends.
     *
     * @throws IllegalArgumentException   if a request is illegal
     * @throws IllegalStateException      if the sampler is closed, or this is called from within a run
     * @throws RejectedExecutionException if {@code maxSamples} are under way and {@code maxWaiting} calls wait
     */
    public CompletableFuture<List<Sample>> sampleAsync(List<Request> requests, RunOptions options) {
        return begin(requests, options, samples -> samples);
    }

    private <T> CompletableFuture<T> begin(List<Request> requests, RunOptions options,
            Function<List<Sample>, T> result) {
        Objects.requireNonNull(options, "options");
        Cancellation cancellation = new Cancellation(options.cancellation());
        SampleCall call = calls.of(requests, options.withCancellation(cancellation));
        RunFuture<T> future = new RunFuture<>(cancellation, engine, calls.executor());
        call.completes((samples, failure) -> future.completeByRun(failure == null ? result.apply(samples) : null,
                failure));
        try {
            if (options.timeout() != null) {
                call.alarmIs(threads.after(Math.max(0, call.remainingNanos()), () -> engine.withdraw(call)));
            }
            engine.start(call);
        } catch (Throwable refusal) {
            call.refused(refusal);
            throw refusal;
        }
        return future;
    }

    /**
     * Draws a sample again and again, without garbage: once a few calls have been made, this one allocates nothing on the
     * Java heap, if the model does not. With {@link Request#withStart(FloatBuffer)} values go from the caller's memory to
     * the device's and back, and nowhere else.
     *
     * @param into receives the values, from its position on; direct, in native order. What is there after a status without
     *             values is not said
     * @return how it ended
     * @throws IllegalArgumentException   as {@link #sample(List, RunOptions)}, or if the receiver does not suit
     * @throws IllegalStateException      as there
     * @throws RejectedExecutionException as there
     */
    public Status sample(Request request, FloatBuffer into) {
        Request.requireDirect("into", into);
        // The message is made when it is needed: this call makes no garbage.
        if (into.remaining() < dim || into.isReadOnly()) {
            throw new IllegalValueException("remaining of into", into.remaining(),
                    dim + " or more, in memory that may be written");
        }
        return reused.run(request, into);
    }

    /**
     * Takes the memory for requests like these, all at once, and has the model prepare every batch size that they can lead
     * to, so that no call pays for these. No round is run: Java loads classes in the first ones, and compiles what was run some
     * thousand times. Where the first samples are to be as quick as later ones, draw some before.
     *
     * @param requests 1 to 1,048,576
     * @throws IllegalArgumentException   if a request is illegal
     * @throws IllegalStateException      if the sampler is closed, or this is called from within a run
     * @throws RejectedExecutionException as {@link #sample(List, RunOptions)}
     * @throws CancellationException      if the thread is interrupted, or the sampler closed, before its turn has come
     */
    public void warmUp(Request... requests) {
        WarmUp call = calls.warmUp(requests);
        engine.run(call);
        call.requireDone();
    }

    /**
     * Ends what is under way, with {@link Status#CANCELLED}, within one model call and what a listener takes that is running,
     * and frees the sampler's memory: all of it is free when this returns. Calls are refused from now on. A second call does
     * nothing. From within a run nothing is waited for: that run ends, and then the memory is freed.
     */
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    /**
     * Closes, but lets what is under way, or waits, finish first, for so long.
     *
     * @param patience 0 or more
     */
    public void close(Duration patience) {
        Require.that(!patience.isNegative(), "patience", patience, "0 or more");
        engine.close(TimeUnit.NANOSECONDS.convert(patience));
    }
}
