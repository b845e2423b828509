package dev.paraflux.benchmarks;

import dev.paraflux.demo.DemoModel;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianDenoiser;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TimeGrid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A model to be measured on a device.
 *
 * @param name      for tables
 * @param denoiser  works where it was asked to
 * @param grids     levels for a number of steps
 * @param condition of its samples
 */
record DeviceModel(String name, Denoiser denoiser, IntFunction<TimeGrid> grids, Condition condition)
        implements
            AutoCloseable {

    /** The exact model of normal data of so many values, which works on every device by the library's kernels. */
    static DeviceModel gaussian(int dim) {
        float[] mean = new float[dim];
        for (int e = 0; e < dim; e++) {
            mean[e] = (float) Math.sin(e);
        }
        NoiseSchedule schedule = NoiseSchedule.linear(1000, 1e-4, 0.02);
        return new DeviceModel("gaussian " + dim, new GaussianDenoiser(new int[] {dim}, 0.3, mean, List.of()),
                steps -> TimeGrid.of(schedule, steps, Spacing.TRAILING, 0, FinalAlpha.ONE), Condition.none());
    }

    /**
     * A network of a file, by whoever runs it.
     *
     * @param name    {@code demo}, or a model file, its card beside it
     * @param options where it works, and in what precision
     */
    static DeviceModel network(String name, LoadOptions options) throws IOException {
        PretrainedDenoiser model = name.equals("demo") ? DemoModel.load(options)
                : ModelFile.load(Path.of(name), options);
        return new DeviceModel(model.card().name(), model, model.card().scheduler()::grid,
                model.card().labels() > 0 ? Condition.label(0) : Condition.none());
    }

    @Override
    public void close() {
        denoiser.close();
    }
}
