package dev.paraflux.benchmarks;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.device.Device;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Tolerance;
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
 * What a round costs beside the model, and what a run does once, on each device that is named: lines of JSON. Runs of two
 * lengths are timed in turns; the difference of their medians is what the rounds take that one of them has more, and what
 * they leave of the shorter run is what it does once: noise is drawn and brought there, the sample is brought back. A model
 * on the host does next to nothing, so that what is seen is kernels, waits, and rows that travel; one where the rows are is
 * one program of rows, in which a round's time is all there is.
 *
 * <pre>
 * DeviceRounds cpu cuda:0          784, 16384 and 65536 values in a row
 * DeviceRounds 784 cuda:0
 * </pre>
 */
public final class DeviceRounds {
    private static final int STEPS = 100;
    /** Rounds of ParaTAA in the two lengths: all rows but as many are under way. */
    private static final int FEW = 5;
    private static final int MANY = 15;
    private static final int RUNS = 25;
    /** By then what is measured is compiled code: a few runs are not enough. */
    private static final double WARM_UP_SECONDS = 2;

    private DeviceRounds() {}

    /** @param arguments devices, as {@link Device#named} takes them, and before them values in a row */
    public static void main(String[] arguments) {
        int[] dims = {784, 16384, 65536};
        for (String argument : arguments) {
            if (argument.chars().allMatch(Character::isDigit)) {
                dims = new int[] {Integer.parseInt(argument)};
                continue;
            }
            Device device = Device.named(argument);
            for (int dim : dims) {
                measure(device, "host", new Still(dim));
                try (DeviceModel there = DeviceModel.gaussian(dim)) {
                    measure(device, "device", there.denoiser());
                }
            }
        }
    }

    private static void measure(Device device, String place, Denoiser model) {
        measure(device, place, model, "sequential", new Sequential(), STEPS / 4, new Sequential(), STEPS);
        // Only what is exact is near enough: a row a round is final, and the others go on.
        ParaTaa method = ParaTaa.defaults().withWindow(ParaTaa.ALL).withTolerance(Tolerance.values(0));
        measure(device, place, model, "parataa", method.withMaxRounds(FEW), STEPS, method.withMaxRounds(MANY), STEPS);
    }

    private static void measure(Device device, String place, Denoiser model, String name, Method few, int fewSteps,
            Method many, int manySteps) {
        try (Sampler shorter = sampler(device, model, few, fewSteps);
                Sampler longer = sampler(device, model, many, manySteps)) {
            Times fewTimes = new Times();
            Times manyTimes = new Times();
            long warm = System.nanoTime() + (long) (WARM_UP_SECONDS * 1e9);
            int run = 0;
            while (run < RUNS) {
                fewTimes.add(run, shorter.sample(Request.seed(1)));
                manyTimes.add(run, longer.sample(Request.seed(1)));
                run = System.nanoTime() < warm ? 0 : run + 1;
            }
            double rounds = manyTimes.rounds - fewTimes.rounds;
            double own = (median(manyTimes.own) - median(fewTimes.own)) / rounds;
            double whole = (median(manyTimes.whole) - median(fewTimes.whole)) / rounds;
            System.out.printf(Locale.ROOT,
                    "{\"device\": \"%s\", \"method\": \"%s\", \"model\": \"%s\", \"rows\": %d, \"dim\": %d, "
                            + "\"rounds\": [%d, %d], \"own_us_a_round\": %.1f, \"us_a_round\": %.1f, "
                            + "\"once_us\": %.1f}%n",
                    device, name, place, name.equals("sequential") ? 1 : STEPS, model.dim(), fewTimes.rounds,
                    manyTimes.rounds, own, whole, median(fewTimes.whole) - fewTimes.rounds * whole);
        }
    }

    private static Sampler sampler(Device device, Denoiser model, Method method, int steps) {
        TimeGrid grid = TimeGrid.of(NoiseSchedule.linear(1000, 1e-4, 0.02), steps, Spacing.TRAILING, 0, FinalAlpha.ONE);
        return Sampler.builder(model, grid).method(method).maxBatch(STEPS).device(device).build();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Of runs of one length, in microseconds. */
    private static final class Times {
        private final double[] own = new double[RUNS];
        private final double[] whole = new double[RUNS];
        private int rounds;

        void add(int run, Sample sample) {
            rounds = sample.stats().rounds();
            own[run] = sample.stats().ownSeconds() * 1e6;
            whole[run] = sample.stats().seconds() * 1e6;
        }
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
