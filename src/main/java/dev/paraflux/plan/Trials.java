package dev.paraflux.plan;

import dev.paraflux.Cancellation;
import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Stats;
import dev.paraflux.Status;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.core.Decoder;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;

/** Draws the samples of some requests by one method after another, sequentially first, and says what each takes. */
final class Trials implements AutoCloseable {
    /** One that takes so many times the best so far by its calls alone is not tried to its end. */
    private static final double HOPELESS = 3;
    /** Of which the last one counts: there a model may capture graphs, of each size of its calls when that comes again. */
    private static final int RUNS_ON_DEVICES = 3;

    private final TriangularSystem system;
    private final int dim;
    private final Device device;
    private final Decoder decoder;
    private final List<List<Request>> calls = new ArrayList<>();
    private final Cancellation cancellation;
    private final CallTrace trace;
    private final Sampler sampler;
    /** Their pictures. */
    private final List<float[]> sequential = new ArrayList<>();

    /** As many samples a call as are drawn together; the requests are repeated, with other seeds, where they are fewer. */
    Trials(Planner.Builder settings, ModelCost cost, Cancellation cancellation) {
        this(settings, new OtherSteps("", settings.model, settings.grid, settings.solver), cost, cancellation);
    }

    /** The same by other steps. */
    Trials(Planner.Builder settings, OtherSteps steps, ModelCost cost, Cancellation cancellation) {
        this.cancellation = cancellation;
        system = steps.solver().checkedSystem(steps.grid(), steps.model().prediction());
        dim = settings.model.dim();
        device = settings.device;
        decoder = settings.decoder;
        List<Request> requests = settings.requests;
        int atOnce = settings.drawnTogether();
        for (int first = 0; first < requests.size(); first += atOnce) {
            List<Request> call = new ArrayList<>();
            for (int i = 0; i < atOnce; i++) {
                Request request = requests.get((first + i) % requests.size());
                call.add(i < requests.size() ? request : request.withSeed(request.seed() + i));
            }
            calls.add(call);
        }
        trace = new CallTrace(steps.model(), cost, cancellation);
        sampler = Sampler.builder(trace, steps.grid()).solver(steps.solver()).maxBatch(settings.maxBatch)
                .maxSamples(atOnce).device(device).build();
    }

    private Method method(Candidate candidate) {
        return decoder == null ? candidate.method() : decoder.seenBy(candidate.method());
    }

    private float[] picture(float[] sample) {
        if (decoder == null) {
            return sample;
        }
        float[] picture = new float[decoder.pictureDim()];
        decoder.decode(sample, picture);
        return picture;
    }

    /** Sums over the samples of all calls so far. */
    private static final class Sums {
        int samples;
        double rounds;
        double evaluations;
        double modelRows;
        double callSeconds;
        double leastOwn = Double.POSITIVE_INFINITY;
        double squares;
    }

    /**
     * What a method takes.
     *
     * @param maxBytes    of a sample; a window is made to fit
     * @param bestSeconds of a sample so far
     */
    Forecast of(Candidate candidate, long maxBytes, double bestSeconds) {
        Candidate fitting = candidate;
        long bytes;
        try {
            method(fitting).requireSuits(system, dim);
            bytes = bytes(method(fitting));
            for (int window = system.rows() / 2; bytes > maxBytes && fitting.hasWindow() && window >= 1; window /= 2) {
                fitting = candidate.withWindow(window);
                bytes = bytes(method(fitting));
            }
        } catch (IllegalValueException e) {
            return Forecast.excluded(fitting, 0, "not for these steps: " + e.getMessage());
        }
        if (bytes > maxBytes) {
            return Forecast.excluded(fitting, bytes,
                    "over the limit of " + maxBytes + " bytes a sample: it takes " + bytes);
        }
        return drawn(fitting, bytes, bestSeconds);
    }

    private long bytes(Method method) {
        int noiseRows = Math.max(1, system.noiseRows());
        try (Buffer start = device.allocate(1, dim);
                Buffer noise = device.allocate(noiseRows, dim);
                Method.Workspace rows = method.allocate(new Problem(system, device, 1, dim, start,
                        system.noiseRows() == 0 ? null : noise))) {
            return rows.bytes();
        }
    }

    private Forecast drawn(Candidate candidate, long bytes, double bestSeconds) {
        boolean first = sequential.isEmpty();
        Sums sums = new Sums();
        for (List<Request> call : calls) {
            Cancellation hopeless = new Cancellation();
            List<Sample> samples = List.of();
            for (int run = modelIsOnDevice() ? RUNS_ON_DEVICES : 1; run > 0 && !hopeless.isCancelled(); run--) {
                trace.begin(hopeless, HOPELESS * bestSeconds * call.size());
                samples = draw(candidate, call, hopeless);
            }
            for (Sample sample : samples) {
                Status status = sample.status();
                if (hopeless.isCancelled() && !status.isSolved()) {
                    return Forecast.excluded(candidate, bytes,
                            String.format(Locale.ROOT, "slower than %.0f times the best", HOPELESS));
                }
                if (!status.isSolved()) {
                    return Forecast.excluded(candidate, bytes,
                            "not to be had: it ended " + status + " " + sample.message());
                }
                float[] picture = picture(sample.values());
                if (first) {
                    sequential.add(picture);
                }
                sums.squares += meanSquare(picture, sequential.get(sums.samples));
                sums.samples++;
                sums.rounds += sample.stats().rounds();
                sums.evaluations += sample.stats().evaluations();
                sums.modelRows += sample.stats().modelRows();
            }
            sums.callSeconds += trace.seconds();
            // The first runs are also those that the virtual machine compiles.
            sums.leastOwn = Math.min(sums.leastOwn, ownSeconds(samples) / call.size());
        }
        int n = sums.samples;
        return new Forecast(candidate, sums.rounds / n, sums.evaluations / n, sums.modelRows / n,
                sums.callSeconds / n + sums.leastOwn, bytes, Math.sqrt(sums.squares / n), "");
    }

    private boolean modelIsOnDevice() {
        return !device.isHost() && trace.worksOn(device);
    }

    /** Beside the model calls. On a device those return before they are done, so that what they take is waited for elsewhere. */
    private double ownSeconds(List<Sample> samples) {
        if (!modelIsOnDevice()) {
            return samples.get(0).stats().ownSeconds();
        }
        // The calls are those of all: until the last one is done.
        double all = samples.stream().map(Sample::stats).mapToDouble(Stats::seconds).max().orElseThrow();
        return Math.max(0, all - trace.seconds());
    }

    private List<Sample> draw(Candidate candidate, List<Request> call, Cancellation hopeless) {
        Method method = method(candidate);
        List<Sample> samples = sampler.sample(call.stream().map(request -> request.withMethod(method)).toList(),
                RunOptions.defaults().withCancellation(hopeless));
        boolean interrupted = !hopeless.isCancelled()
                && samples.stream().anyMatch(sample -> sample.status() == Status.CANCELLED);
        if (interrupted || cancellation.isCancelled()) {
            throw new CancellationException("the plan was cancelled while samples were drawn by " + candidate);
        }
        return samples;
    }

    /** Pictures of the samples that were drawn first. */
    List<float[]> pictures() {
        return List.copyOf(sequential);
    }

    /** Root mean square of the differences of some pictures from as many others. */
    static double distance(List<float[]> pictures, List<float[]> others) {
        double squares = 0;
        for (int s = 0; s < pictures.size(); s++) {
            squares += meanSquare(pictures.get(s), others.get(s));
        }
        return Math.sqrt(squares / pictures.size());
    }

    private static double meanSquare(float[] values, float[] expected) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            double difference = values[i] - (double) expected[i];
            sum += difference * difference;
        }
        return sum / values.length;
    }

    @Override
    public void close() {
        sampler.close();
    }
}
