package dev.paraflux.model;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.schedule.NoiseLevel;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** One call of a denoiser on Java arrays. */
public final class Predictions {
    private Predictions() {}

    /** The predictions of rows, each at its level, all under one condition. */
    public static float[][] of(Denoiser denoiser, float[][] rows, List<NoiseLevel> levels, Condition condition) {
        return of(denoiser, rows, levels, Collections.nCopies(rows.length, Conditioning.of(condition)));
    }

    /** Each with what it asks for. */
    public static float[][] of(Denoiser denoiser, float[][] rows, List<NoiseLevel> levels, List<Conditioning> asked) {
        float[][] result = new float[rows.length][denoiser.dim()];
        // Not at the start of their buffers, and not at the same place.
        try (Buffer states = Device.cpu().allocate(rows.length + 1, denoiser.dim());
                Buffer predictions = Device.cpu().allocate(rows.length + 2, denoiser.dim())) {
            Batch batch = new Batch(rows.length);
            batch.begin(states, 1, predictions, 2);
            for (int i = 0; i < rows.length; i++) {
                states.write(1 + i, rows[i]);
                batch.add(levels.get(i), asked.get(i));
            }
            denoiser.evaluate(batch);
            for (int i = 0; i < rows.length; i++) {
                predictions.read(2 + i, result[i]);
            }
        }
        return result;
    }

    /** Random rows of some deviation. */
    public static float[][] rows(int count, int dim, double deviation) {
        Random random = new Random(17);
        float[][] rows = new float[count][dim];
        for (float[] row : rows) {
            for (int e = 0; e < dim; e++) {
                row[e] = (float) (deviation * random.nextGaussian());
            }
        }
        return rows;
    }
}
