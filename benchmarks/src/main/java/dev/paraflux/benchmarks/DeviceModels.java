package dev.paraflux.benchmarks;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.Precision;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.TimeGrid;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a model that works on a device takes there: beta(W), the time of a call of W rows over that of one, and the wall time of
 * samples by each method; lines of JSON, with medians.
 *
 * <pre>
 * DeviceModels cuda:0 gaussian              the exact model of normal data, by the library's kernels: all but a network
 * DeviceModels cuda:0 demo                  the demo network, by libtorch's build for CUDA
 * DeviceModels cuda:0 FILE                  another TorchScript model, a package for it, or one of ONNX, its card beside it
 * DeviceModels cuda:0 gaussian quick        small, to see that it runs
 * DeviceModels cuda:0 FILE calls            no samples: of a network whose weights are random, say
 * DeviceModels cuda:0 FILE calls bfloat16   in that precision
 * DeviceModels cuda:0 demo kernels          kernel by kernel, without CUDA graphs
 * DeviceModels cuda:0 FILE beside-cpu       also how far its predictions are from the CPU's, and whether they repeat; fails where
 *                                           it is more than float32 or the file's own precision explains
 * </pre>
 */
public final class DeviceModels {
    private static final int CALLS = 15;
    private static final int RUNS = 5;
    /** A size of a batch is captured as a graph when it comes the second time. */
    private static final int WARM_UPS = 4;
    private static final int[] STEPS = {25, 100, 961};
    private static final int MOST_ROWS = 128;
    /** Of the largest prediction: sums in another order stay below, TF32 does not. */
    private static final double MOST_DISTANCE = 1e-4;
    private static final double MOST_ROUNDINGS = 16;
    private static final int MOST_COMPARED = 32;

    private final Device device;
    private final DeviceModel model;

    private DeviceModels(Device device, DeviceModel model) {
        this.device = device;
        this.model = model;
    }

    /** @param arguments a device, a model, and what else is asked for */
    public static void main(String[] arguments) throws IOException {
        Device device = Device.named(arguments[0]);
        List<String> wishes = Arrays.asList(arguments).subList(2, arguments.length);
        if (arguments[1].equals("gaussian")) {
            for (int dim : wishes.contains("quick") ? new int[] {60} : new int[] {784, 16384, 65536}) {
                try (DeviceModel model = DeviceModel.gaussian(dim)) {
                    new DeviceModels(device, model).run(wishes);
                }
            }
            return;
        }
        LoadOptions options = LoadOptions.DEFAULT.withDevice(device).withGraphs(!wishes.contains("kernels"));
        for (Precision precision : Precision.values()) {
            if (wishes.contains(precision.toString())) {
                options = options.withPrecision(precision);
            }
        }
        try (DeviceModel model = DeviceModel.network(arguments[1], options)) {
            new DeviceModels(device, model).run(wishes);
            if (wishes.contains("beside-cpu")) {
                try (DeviceModel host = DeviceModel.network(arguments[1], options.withDevice(Device.cpu()))) {
                    new DeviceModels(device, model).compare(host.denoiser());
                }
            }
        }
    }

    private void run(List<String> wishes) {
        boolean quick = wishes.contains("quick");
        beta(quick ? 4 : MOST_ROWS);
        if (!wishes.contains("calls")) {
            for (int steps : quick ? new int[] {10} : STEPS) {
                samples(steps);
            }
        }
    }

    private void beta(int most) {
        double one = 0;
        for (int rows = 1; rows <= most; rows *= 2) {
            double seconds = seconds(rows);
            one = rows == 1 ? seconds : one;
            System.out.printf(Locale.ROOT,
                    "{\"device\": \"%s\", \"model\": \"%s\", \"rows\": %d, \"us\": %.1f, \"beta\": %.2f}%n", device,
                    model.name(), rows, seconds * 1e6, seconds / one);
        }
    }

    /** Of a call of so many rows on the device, to the end of its work. */
    private double seconds(int rows) {
        double[] found = new double[CALLS];
        evaluate(model.denoiser(), rows, (call, queue) -> {
            for (int i = -WARM_UPS - 1; i < CALLS; i++) {
                long before = System.nanoTime();
                call.run();
                queue.await();
                found[Math.max(0, i)] = (System.nanoTime() - before) * 1e-9;
            }
        });
        return median(found);
    }

    /** What is done with a call of rows of noise, and the queue that they are on. */
    private interface Use {
        void of(Runnable call, Queue queue);
    }

    /**
     * Makes calls of so many rows, which lie on the device, or on the host for a model that takes them there.
     *
     * @return the predictions of the last call
     */
    private float[] evaluate(Denoiser denoiser, int rows, Use use) {
        denoiser.prepare(rows);
        TimeGrid grid = model.grids().apply(MOST_ROWS);
        Device where = denoiser.worksOn(device) ? device : Device.cpu();
        try (Buffer states = where.allocate(rows, denoiser.dim());
                Buffer predictions = where.allocate(rows, denoiser.dim());
                Queue queue = where.queue()) {
            float[] noise = new float[denoiser.dim()];
            for (int row = 0; row < rows; row++) {
                new TorchRandom(row).fillNormal(noise);
                states.write(row, noise);
            }
            Batch batch = new Batch(rows);
            batch.begin(queue, states, 0, predictions, 0);
            for (int row = 0; row < rows; row++) {
                batch.add(grid.level(row), model.condition());
            }
            use.of(() -> batch.evaluateBy(denoiser), queue);
            float[] answer = new float[rows * denoiser.dim()];
            for (int row = 0; row < rows; row++) {
                predictions.read(row, answer, row * denoiser.dim());
            }
            return answer;
        }
    }

    private void compare(Denoiser host) {
        double most = Math.max(MOST_DISTANCE, MOST_ROUNDINGS * host.rounding(Conditioning.of(model.condition())));
        for (int rows = 1; rows <= MOST_COMPARED; rows *= 2) {
            Use once = (call, queue) -> {
                call.run();
                queue.await();
            };
            float[] expected = evaluate(host, rows, once);
            float[] found = evaluate(model.denoiser(), rows, once);
            boolean repeats = true;
            for (int call = 0; call < CALLS; call++) {
                repeats &= Arrays.equals(found, evaluate(model.denoiser(), rows, once));
            }
            double largest = 0;
            double off = 0;
            for (int i = 0; i < expected.length; i++) {
                largest = Math.max(largest, Math.abs(expected[i]));
                off = Math.max(off, Math.abs(expected[i] - found[i]));
            }
            System.out.printf(Locale.ROOT,
                    "{\"device\": \"%s\", \"model\": \"%s\", \"rows\": %d, \"from_cpu\": %.2e, \"most\": %.2e, "
                            + "\"repeats\": %b}%n",
                    device, model.name(), rows, off / largest, most, repeats);
            if (!repeats || !(off <= most * largest)) {
                throw new IllegalStateException("the predictions of " + rows + " rows are wrong, or do not repeat");
            }
        }
    }

    private void samples(int steps) {
        Map<String, Method> methods = new LinkedHashMap<>();
        methods.put("sequential", new Sequential());
        methods.put("parataa", ParaTaa.defaults());
        methods.put("srds", Srds.defaults());
        double sequential = 0;
        for (Map.Entry<String, Method> method : methods.entrySet()) {
            double[] seconds = new double[RUNS];
            Sample sample = null;
            try (Sampler sampler = Sampler.builder(model.denoiser(), model.grids().apply(steps))
                    .method(method.getValue()).device(device)
                    .maxBatch(steps).build()) {
                for (int run = -WARM_UPS; run < RUNS; run++) {
                    sample = sampler.sample(Request.seed(1).withCondition(model.condition()));
                    seconds[Math.max(0, run)] = sample.stats().seconds();
                }
            }
            double median = median(seconds);
            sequential = sequential == 0 ? median : sequential;
            System.out.printf(Locale.ROOT,
                    "{\"device\": \"%s\", \"model\": \"%s\", \"steps\": %d, \"method\": \"%s\", \"status\": \"%s\", "
                            + "\"rounds\": %d, \"evaluations\": %d, \"ms\": %.2f, \"us_a_round\": %.1f, "
                            + "\"times_sequential\": %.2f}%n",
                    device, model.name(), steps, method.getKey(), sample.status(), sample.stats().rounds(),
                    sample.stats().evaluations(), median * 1e3, median * 1e6 / sample.stats().rounds(),
                    sequential / median);
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
