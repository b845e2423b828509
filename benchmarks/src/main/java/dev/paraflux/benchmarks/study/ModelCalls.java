package dev.paraflux.benchmarks.study;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.torch.DemoModel;
import dev.paraflux.model.torch.TorchLibrary;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.util.Arrays;
import java.util.Random;

/**
 * What a call of the demo model takes, by libtorch's threads and by replicas, which take turns so that what else the
 * machine does meets each: median and least, in milliseconds, and the largest difference to one thread, of the largest value.
 */
public final class ModelCalls {
    private static final int[] ROWS = {1, 2, 4, 10, 16, 32, 64};
    private static final int CALLS = 21;
    private static final int WARM_UP_CALLS = 5;

    private final int threads;
    private final int replicas;
    private final PretrainedDenoiser model;
    private final double[] millis = new double[CALLS];
    private Buffer states;
    private Buffer predictions;
    private Batch batch;

    private ModelCalls(int threads, int replicas) {
        this.threads = threads;
        this.replicas = replicas;
        TorchLibrary.setThreads(threads);
        model = DemoModel.load();
        model.setReplicas(replicas);
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) {
        int cores = Runtime.getRuntime().availableProcessors();
        ModelCalls[] kinds = {new ModelCalls(1, 1), new ModelCalls(cores, 1), new ModelCalls(1, cores)};
        for (int rows : ROWS) {
            for (ModelCalls kind : kinds) {
                kind.begin(rows);
            }
            for (int call = 0; call < CALLS; call++) {
                for (ModelCalls kind : kinds) {
                    kind.call(call);
                }
            }
            for (ModelCalls kind : kinds) {
                System.out.printf("%2d rows, %d threads, %d replicas: %.2f (%.2f) ms, difference %.1e%n", rows,
                        kind.threads, kind.replicas, kind.median(), kind.millis[0], kind.difference(kinds[0], rows));
            }
            for (ModelCalls kind : kinds) {
                kind.states.close();
                kind.predictions.close();
            }
        }
        for (ModelCalls kind : kinds) {
            kind.model.close();
        }
    }

    private void begin(int rows) {
        Random random = new Random(1);
        states = Device.cpu().allocate(rows, model.dim());
        predictions = Device.cpu().allocate(rows, model.dim());
        batch = new Batch(rows);
        batch.begin(states, 0, predictions, 0);
        float[] values = new float[model.dim()];
        for (int i = 0; i < rows; i++) {
            for (int e = 0; e < values.length; e++) {
                values[e] = (float) random.nextGaussian();
            }
            states.write(i, values);
            batch.add(new NoiseLevel(50 + 900.0 * i / rows, 0.28, 0.96), Condition.label(i % 10));
        }
        TorchLibrary.setThreads(threads);
        for (int call = 0; call < WARM_UP_CALLS; call++) {
            model.evaluate(batch);
        }
    }

    private void call(int call) {
        TorchLibrary.setThreads(threads);
        long before = System.nanoTime();
        model.evaluate(batch);
        millis[call] = (System.nanoTime() - before) / 1e6;
    }

    private double median() {
        Arrays.sort(millis);
        return millis[CALLS / 2];
    }

    private double difference(ModelCalls other, int rows) {
        float[] mine = new float[model.dim()];
        float[] others = new float[model.dim()];
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < rows; i++) {
            predictions.read(i, mine);
            other.predictions.read(i, others);
            for (int e = 0; e < mine.length; e++) {
                difference = Math.max(difference, Math.abs(mine[e] - others[e]));
                largest = Math.max(largest, Math.abs(others[e]));
            }
        }
        return difference / largest;
    }
}
