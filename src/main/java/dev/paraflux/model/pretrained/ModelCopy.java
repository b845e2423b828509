package dev.paraflux.model.pretrained;

import dev.paraflux.check.Require;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of a model that shares calls with others, in a {@link SpreadDenoiser}.
 *
 * @param model  the copy
 * @param device where it works, and rows of devices are brought to: the host for one that works there alone
 * @param share  how many rows it takes, against the others: above 0, finite
 */
public record ModelCopy(Denoiser model, Device device, double share) {
    /** @throws IllegalArgumentException if the model does not work on the device, or the share is otherwise */
    public ModelCopy {
        Require.that(model.worksOn(device), "device", device, "one where " + model + " works");
        Require.positive("share", share);
    }

    /** One that works on the host, and shares evenly. */
    public static ModelCopy of(Denoiser model) {
        return of(model, Device.cpu());
    }

    /** One that works on a device, and shares evenly. */
    public static ModelCopy of(Denoiser model, Device device) {
        return new ModelCopy(model, device, 1);
    }

    /** The same one with another share. */
    public ModelCopy withShare(double newShare) {
        return new ModelCopy(model, device, newShare);
    }

    /**
     * The copies with the shares that make them end at the same time: how many rows a second each evaluates by itself, where
     * it works, in calls of so many rows. Medians of calls that take turns; once measured they stay, and so do the bits of
     * what is sampled.
     *
     * @param grid  levels of the rows
     * @param asked what they ask for
     * @param rows  1 to {@value Batch#MAX_ROWS}
     */
    public static List<ModelCopy> measured(List<ModelCopy> copies, TimeGrid grid, Conditioning asked, int rows) {
        Batch.requireRows(rows, "rows");
        List<CopySpeed> speeds = new ArrayList<>();
        try {
            for (ModelCopy copy : copies) {
                speeds.add(new CopySpeed(copy, grid, asked, rows));
            }
            for (int turn = 0; turn < CopySpeed.TURNS; turn++) {
                speeds.forEach(CopySpeed::take);
            }
            return speeds.stream().map(CopySpeed::shared).toList();
        } finally {
            speeds.forEach(CopySpeed::close);
        }
    }
}
