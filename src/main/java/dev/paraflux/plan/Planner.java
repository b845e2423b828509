package dev.paraflux.plan;

import dev.paraflux.Cancellation;
import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Device;
import dev.paraflux.method.core.Decoder;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.SolverDescription;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Finds the method that draws a model's samples best on this machine. It measures what calls of the model take, draws a few
 * samples by each method to count their rounds, and reckons the time as the sum over rounds of what a call of so many rows
 * takes: a method that takes R rounds of W rows is N / (R beta(W)) times as fast as N steps, beta(W) = time(W) / time(1).
 *
 * <pre>{@code
 * SamplingPlan plan = Planner.builder(model, grid).build().plan();
 * System.out.println(plan.reason());
 * Sampler sampler = plan.sampler(model, grid, solver, Device.byDefault()).build();
 * }</pre>
 *
 * <p>A plan takes some seconds on top of what the samples take. Nothing else should keep the machine busy meanwhile; how
 * far apart the measured calls were is in {@link ModelCost.Point#noise}.
 */
public final class Planner {
    /** Samples at once whose throughput is reckoned. */
    public static final int AT_ONCE = 16;
    private static final double SECONDS = 2;

    private final Builder settings;

    private Planner(Builder settings) {
        this.settings = settings;
    }

    /** Begins a planner of a model on a grid: least latency, by DDIM, unless set otherwise. */
    public static Builder builder(Denoiser model, TimeGrid grid) {
        return new Builder(model, grid);
    }

    /** The settings of a planner. */
    public static final class Builder {
        final Denoiser model;
        final TimeGrid grid;
        Solver solver = new Ddim();
        List<Request> requests = List.of(Request.seed(1), Request.seed(2));
        Target target = Target.LATENCY;
        int atOnce;
        long maxBytes = Long.MAX_VALUE;
        double maxDistance = Double.POSITIVE_INFINITY;
        int maxBatch = 64;
        Device device = Device.byDefault();
        Decoder decoder;
        List<OtherSteps> others = List.of();
        boolean takesOthers;

        private Builder(Denoiser model, TimeGrid grid) {
            this.model = Objects.requireNonNull(model, "model");
            this.grid = Objects.requireNonNull(grid, "grid");
        }

        /** The solver; DDIM with eta 0 if not set. */
        public Builder solver(Solver newSolver) {
            solver = Objects.requireNonNull(newSolver, "solver");
            return this;
        }

        /**
         * What is drawn to count rounds, one or more: typical requests, on this grid and by this solver. Seeds 1 and 2 without
         * a condition if not set. The more there are, the better is the mean known.
         */
        public Builder requests(List<Request> typical) {
            Require.atLeast(1, "number of requests", typical.size());
            requests = List.copyOf(typical);
            return this;
        }

        /** What is to be small; latency if not set. */
        public Builder target(Target newTarget) {
            target = Objects.requireNonNull(newTarget, "target");
            return this;
        }

        /**
         * Samples that are drawn together, 1 to {@value Sampler.Builder#MAX_SAMPLES}, whose time is shared; if not set 1, and
         * for {@link Target#THROUGHPUT} {@value #AT_ONCE}.
         */
        public Builder atOnce(int samples) {
            atOnce = Require.between(1, Sampler.Builder.MAX_SAMPLES, "atOnce", samples);
            return this;
        }

        /** Where rows are to lie; {@link Device#byDefault} if not set. */
        public Builder device(Device newDevice) {
            device = Objects.requireNonNull(newDevice, "device");
            return this;
        }

        /**
         * What makes pictures of samples, where these are latents: methods that stop by pixels look at them
         * ({@link Decoder#seenBy}), and distances are between them. Samples are pictures themselves if not set.
         */
        public Builder decoder(Decoder newDecoder) {
            decoder = Objects.requireNonNull(newDecoder, "decoder");
            return this;
        }

        /** Most bytes that a sample's rows may take, 1 or more; no limit if not set. Windows are made to fit. */
        public Builder maxBytes(long bytes) {
            Require.that(bytes >= 1, "maxBytes", bytes, "1 or more");
            maxBytes = bytes;
            return this;
        }

        /**
         * Most that a sample may be away from the sequential one, as root mean square of their pictures, which are in [-1,
         * 1]: 0 or more; no limit if not set.
         */
        public Builder maxDistance(double rms) {
            Require.that(rms >= 0, "maxDistance", rms, "0 or more");
            maxDistance = rms;
            return this;
        }

        /** Most evaluations in one model call, as the sampler is to have it ({@link Sampler.Builder#maxBatch}). */
        public Builder maxBatch(int rows) {
            maxBatch = Require.between(1, Sampler.Builder.MAX_BATCH, "maxBatch", rows);
            return this;
        }

        /**
         * Steps that may do instead of those that are asked about, cheapest first; none if not set. The first of them that end
         * as near to fine steps, of which there are four in each, and cost less, are the plan's {@link SamplingPlan#advice};
         * to find out takes some four times as long as the samples and what the others take.
         *
         * @param taken whether the plan may choose them: they draw another sample. It does where that is within {@link
         *              #maxDistance}
         */
        public Builder otherSteps(List<OtherSteps> steps, boolean taken) {
            others = List.copyOf(steps);
            takesOthers = taken;
            return this;
        }

        int drawnTogether() {
            return atOnce > 0 ? atOnce : target == Target.THROUGHPUT ? AT_ONCE : 1;
        }

        TriangularSystem system() {
            return solver.checkedSystem(grid, model.prediction());
        }

        /**
         * The planner.
         *
         * @throws IllegalArgumentException if the solver does not suit the grid or the model, or the model does not take a
         *                                  request
         */
        public Planner build() {
            system();
            for (Request request : requests) {
                model.requireLegal(request.conditioning());
            }
            return new Planner(this);
        }
    }

    /** Makes the plan. */
    public SamplingPlan plan() {
        return plan(new Cancellation());
    }

    /**
     * Makes the plan.
     *
     * @param cancellation ends it
     * @throws CancellationException if it was cancelled
     * @throws IllegalArgumentException if a sequential sample takes more memory than the limit
     * @throws IllegalStateException if sequential sampling itself fails
     */
    public SamplingPlan plan(Cancellation cancellation) {
        int rows = settings.system().rows();
        int atOnce = settings.drawnTogether();
        int most = (int) Math.min(Math.min(settings.maxBatch, Batch.MAX_ROWS), (long) rows * atOnce);
        ModelCost cost = new CostMeter(settings.model, settings.device, settings.grid,
                settings.requests.stream().map(Request::conditioning).toList(), cancellation).measure(most, SECONDS);
        List<Forecast> forecasts = new ArrayList<>();
        List<float[]> plain;
        try (Trials trials = new Trials(settings, cost, cancellation)) {
            double best = Double.POSITIVE_INFINITY;
            for (Candidate candidate : Candidate.all(rows)) {
                Forecast forecast = judged(trials.of(candidate, settings.maxBytes,
                        settings.target == Target.ENERGY ? Double.POSITIVE_INFINITY : best));
                forecasts.add(forecast);
                if (forecast.bytes() > settings.maxBytes && forecasts.size() == 1) {
                    throw new IllegalValueException("maxBytes", settings.maxBytes,
                            forecast.bytes() + " bytes or more, which a sequential sample takes");
                }
                if (forecasts.size() == 1 && !forecast.isChoice()) {
                    throw new IllegalStateException("nothing can be planned: sequential sampling is "
                            + forecast.excluded());
                }
                if (forecast.isChoice()) {
                    best = Math.min(best, forecast.seconds());
                }
            }
            plain = trials.pictures();
        }
        Forecast chosen = forecasts.stream().filter(Forecast::isChoice)
                .min(Comparator.comparingDouble(forecast -> forecast.of(settings.target))).orElseThrow();
        Optional<Advice> advice = new OtherTrials(settings, cost, cancellation).advice(plain, chosen);
        return new SamplingPlan(
                new SamplingPlan.Problem(settings.model.identity(), SolverDescription.of(settings.solver),
                        settings.grid.levels(), Machine.of(settings.device)),
                settings.target, atOnce, settings.maxBatch, cost, forecasts, forecasts.indexOf(chosen), advice);
    }

    private Forecast judged(Forecast forecast) {
        return forecast.isChoice() && forecast.distance() > settings.maxDistance
                ? forecast.excluded("farther from the sequential sample than " + settings.maxDistance)
                : forecast;
    }
}
