package dev.paraflux.benchmarks;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.device.Device;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a round costs beside the model, on each device that is named: lines of JSON, with the median of some runs. A model on
 * the host does next to nothing, so that what is seen is kernels, waits, and rows that travel; one where the rows are is
 * one program of rows, in which a round's time is all there is.
 *
 * <pre>
 * DeviceRounds cpu cuda:0
 * </pre>
 */
public final class DeviceRounds {
    private static final int STEPS = 100;
    private static final int RUNS = 15;

    private DeviceRounds() {}

    /** @param devices their names, as {@link Device#named} takes them */
    public static void main(String[] devices) {
        for (String name : devices) {
            Device device = Device.named(name);
            for (int dim : new int[] {784, 16384, 65536}) {
                measure(device, "host", new Still(dim));
                try (DeviceModel there = DeviceModel.gaussian(dim)) {
                    measure(device, "device", there.denoiser());
                }
            }
        }
    }

    private static void measure(Device device, String place, Denoiser model) {
        measure(device, place, model, "sequential", new Sequential());
        measure(device, place, model, "parataa",
                ParaTaa.defaults().withWindow(ParaTaa.ALL).withMaxRounds(20));
    }

    private static void measure(Device device, String place, Denoiser model, String name, Method method) {
        TimeGrid grid = TimeGrid.of(NoiseSchedule.linear(1000, 1e-4, 0.02), STEPS, Spacing.TRAILING, 0, FinalAlpha.ONE);
        double[] own = new double[RUNS];
        double[] whole = new double[RUNS];
        int rounds = 0;
        try (Sampler sampler = Sampler.builder(model, grid).method(method).maxBatch(STEPS).device(device).build()) {
            for (int run = -5; run < RUNS; run++) {
                Sample sample = sampler.sample(Request.seed(1));
                rounds = sample.stats().rounds();
                own[Math.max(0, run)] = sample.stats().ownSeconds() * 1e6 / rounds;
                whole[Math.max(0, run)] = sample.stats().seconds() * 1e6 / rounds;
            }
        }
        Arrays.sort(own);
        Arrays.sort(whole);
        System.out.printf(Locale.ROOT,
                "{\"device\": \"%s\", \"method\": \"%s\", \"model\": \"%s\", \"rows\": %d, \"dim\": %d, "
                        + "\"rounds\": %d, \"own_us_a_round\": %.1f, \"us_a_round\": %.1f}%n",
                device, name, place, name.equals("sequential") ? 1 : STEPS, model.dim(), rounds, own[RUNS / 2],
                whole[RUNS / 2]);
    }

    /** Predicts a little of what it sees, of one value in a row alone. */
    private static final class Still implements Denoiser {
        private final int dim;
        private final float[] zeros;

        Still(int dim) {
            this.dim = dim;
            zeros = new float[dim];
        }

        @Override
        public int[] shape() {
            return new int[] {dim};
        }

        @Override
        public Prediction prediction() {
            return Prediction.EPSILON;
        }

        @Override
        public void requireLegal(Condition condition) {}

        @Override
        public void evaluate(Batch batch) {
            batch.acquire(this);
            for (int i = 0; i < batch.size(); i++) {
                zeros[0] = (float) Math.sin(batch.states().get(batch.stateRow(i), 0));
                batch.predictions().write(batch.predictionRow(i), zeros);
            }
            batch.release();
        }
    }
}
