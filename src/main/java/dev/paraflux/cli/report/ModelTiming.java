package dev.paraflux.cli.report;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What calls of a model take here, in the time of some calls of each size: medians, in milliseconds.
 *
 * @param millis by the number of rows
 */
public record ModelTiming(Map<Integer, Double> millis) {
    private static final int[] ROWS = {1, 4, 16};
    private static final int CALLS = 7;
    private static final double LONG_SECONDS = 2;

    /** Measures a model; sizes of which a call takes long are measured less often, and none after one of 2 seconds. */
    public static ModelTiming of(PretrainedDenoiser model) {
        Map<Integer, Double> millis = new LinkedHashMap<>();
        TimeGrid grid = model.card().scheduler().grid(ROWS[ROWS.length - 1]);
        Conditioning any = Conditioning.of(anyCondition(model));
        for (int rows : ROWS) {
            model.prepare(rows);
            double median = median(model, grid, any, rows);
            millis.put(rows, 1000 * median);
            if (median > LONG_SECONDS) {
                break;
            }
        }
        return new ModelTiming(millis);
    }

    /** Values of no meaning for every input. */
    private static Condition anyCondition(PretrainedDenoiser model) {
        Map<String, TensorValue> values = new LinkedHashMap<>();
        for (ModelInput input : model.card().inputs()) {
            int[] shape = input.shape().stream().mapToInt(Integer::intValue).toArray();
            values.put(input.name(), input.type() == ModelInput.Type.INT64
                    ? TensorValue.of(new long[input.values()], shape)
                    : TensorValue.of(new float[input.values()], shape));
        }
        return values.isEmpty() ? Condition.none() : Condition.tensors(values);
    }

    private static double median(PretrainedDenoiser model, TimeGrid grid, Conditioning any, int rows) {
        try (Buffer states = Device.cpu().allocate(rows, model.dim());
                Buffer predictions = Device.cpu().allocate(rows, model.dim())) {
            Batch batch = new Batch(rows);
            batch.begin(states, 0, predictions, 0);
            for (int i = 0; i < rows; i++) {
                batch.add(grid.level(i), any);
            }
            double[] seconds = new double[CALLS];
            int done = 0;
            for (double all = 0; done < CALLS && all < LONG_SECONDS; done++) {
                long before = System.nanoTime();
                model.evaluate(batch);
                seconds[done] = (System.nanoTime() - before) / 1e9;
                all += seconds[done];
            }
            Arrays.sort(seconds, 0, done);
            return seconds[done / 2];
        }
    }

    /** In words, for example {@code 1 row 2.8 ms, 4 rows 3.6 ms, 16 rows 9.7 ms}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        millis.forEach((rows, each) -> text.append(text.length() == 0 ? "" : ", ").append(rows)
                .append(rows == 1 ? " row " : " rows ").append(String.format(Locale.ROOT, "%.1f ms", each)));
        return text.toString();
    }
}
