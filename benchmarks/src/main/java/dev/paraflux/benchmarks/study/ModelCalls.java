package dev.paraflux.benchmarks.study;

import dev.paraflux.demo.DemoModel;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Precision;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What a call of the demo model takes, by who runs it, in what precision, on how many threads and replicas. They take turns,
 * so that what else the machine does meets each: median and least, in milliseconds, and the largest difference to libtorch
 * with one thread, of the largest value. The limit is a row that takes what one takes of the largest batch.
 *
 * <pre>benchmarks/run study ModelCalls [FILE...]</pre>
 */
public final class ModelCalls {
    private static final int[] ROWS = {1, 2, 4, 10, 16, 32, 64};
    private static final int CALLS = Integer.getInteger("paraflux.calls", 21);
    private static final int WARM_UP_CALLS = 5;

    private final String name;
    private final PretrainedDenoiser model;
    private final double[] millis = new double[CALLS];
    private Buffer states;
    private Buffer predictions;
    private Batch batch;

    private ModelCalls(String name, PretrainedDenoiser model, int replicas) {
        this.name = name
                + (replicas == 0 ? ", by default" : ", " + replicas + (replicas == 1 ? " replica" : " replicas"));
        this.model = model;
        if (replicas > 0) {
            model.setReplicas(replicas);
        }
    }

    /** @param arguments other files of the demo model: {@code digits.onnx}, {@code digits.pt2}, ... */
    public static void main(String[] arguments) throws IOException {
        List<ModelCalls> kinds = new ArrayList<>();
        int cores = Runtime.getRuntime().availableProcessors();
        LoadOptions plain = LoadOptions.DEFAULT;
        kinds.add(new ModelCalls("libtorch", DemoModel.load(plain), 1));
        kinds.add(new ModelCalls("libtorch, " + cores + " threads of its own", DemoModel.load(plain.withThreads(cores)),
                1));
        kinds.add(new ModelCalls("libtorch", DemoModel.load(plain), cores));
        kinds.add(new ModelCalls("libtorch", DemoModel.load(plain), 0));
        LoadOptions narrow = plain.withPrecision(Precision.BFLOAT16);
        kinds.add(new ModelCalls("libtorch bfloat16", DemoModel.load(narrow), 1));
        kinds.add(new ModelCalls("libtorch bfloat16", DemoModel.load(narrow), cores));
        for (String file : arguments) {
            for (int replicas : new int[] {1, cores}) {
                PretrainedDenoiser model = ModelFile.load(Path.of(file));
                kinds.add(new ModelCalls(Path.of(file).getFileName() + " " + model.precision(), model, replicas));
            }
        }
        new ModelCalls.Table(kinds).print();
        kinds.forEach(kind -> kind.model.close());
    }

    /** All kinds beside one another. */
    private record Table(List<ModelCalls> kinds) {
        void print() {
            String[] lines = new String[kinds.size()];
            double[] difference = new double[kinds.size()];
            double[] one = new double[kinds.size()];
            double[] row = new double[kinds.size()];
            for (int k = 0; k < lines.length; k++) {
                lines[k] = "| " + kinds.get(k).name + " |";
            }
            System.out
                    .println("| by | " + String.join(" | ", Arrays.stream(ROWS).mapToObj(Integer::toString).toList())
                            + " | share of limit at 1 | difference |");
            System.out.println("|---".repeat(ROWS.length + 3) + "|");
            for (int rows : ROWS) {
                kinds.forEach(kind -> kind.begin(rows));
                for (int call = 0; call < CALLS; call++) {
                    int number = call;
                    kinds.forEach(kind -> kind.call(number));
                }
                for (int k = 0; k < lines.length; k++) {
                    ModelCalls kind = kinds.get(k);
                    lines[k] += String.format(Locale.ROOT, " %.2f (%.2f) |", kind.median(), kind.millis[0]);
                    one[k] = rows == 1 ? kind.millis[0] : one[k];
                    row[k] = kind.millis[0] / rows;
                    difference[k] = Math.max(difference[k], kind.difference(kinds.get(0), rows));
                }
                kinds.forEach(ModelCalls::end);
            }
            for (int k = 0; k < lines.length; k++) {
                System.out.println(
                        lines[k] + String.format(Locale.ROOT, " %.2f | %.1e |", row[k] / one[k], difference[k]));
            }
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
        for (int call = 0; call < WARM_UP_CALLS; call++) {
            model.evaluate(batch);
        }
    }

    private void call(int call) {
        long before = System.nanoTime();
        model.evaluate(batch);
        millis[call] = (System.nanoTime() - before) / 1e6;
    }

    private void end() {
        states.close();
        predictions.close();
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
