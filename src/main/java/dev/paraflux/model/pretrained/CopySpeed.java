package dev.paraflux.model.pretrained;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Queue;
import dev.paraflux.device.Resources;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Conditioning;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;

/** Measures how fast a copy of a model is where it works, on rows that stay in their place from call to call. */
final class CopySpeed implements AutoCloseable {
    /** The first calls of a place warm up, and may be captured. */
    private static final int WARM_UPS = 3;
    private static final int COUNTED = 5;
    static final int TURNS = WARM_UPS + COUNTED;

    private final ModelCopy copy;
    private final Resources resources = new Resources();
    private final Queue queue;
    private final Batch batch;
    private final double[] seconds = new double[TURNS];
    private int turn;

    CopySpeed(ModelCopy copy, TimeGrid grid, Conditioning asked, int rows) {
        this.copy = copy;
        int dim = copy.model().dim();
        batch = new Batch(rows);
        try {
            queue = resources.add(copy.device().queue());
            Buffer states = resources.allocate(copy.device(), rows, dim);
            batch.begin(queue, states, 0, resources.allocate(copy.device(), rows, dim), 0);
            float[] noise = new float[dim];
            for (int row = 0; row < rows; row++) {
                new TorchRandom(row).fillNormal(noise);
                queue.write(noise, 0, states, row);
                batch.add(grid.level((int) ((long) row * grid.steps() / rows)), asked);
            }
            queue.await();
            copy.model().prepare(rows);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** One call. */
    void take() {
        long before = System.nanoTime();
        batch.evaluateBy(copy.model());
        queue.await();
        seconds[turn++] = Math.max(1, System.nanoTime() - before) * 1e-9;
    }

    /** The copy, whose share is its rows a second. */
    ModelCopy shared() {
        double[] counted = Arrays.copyOfRange(seconds, WARM_UPS, TURNS);
        Arrays.sort(counted);
        return copy.withShare(batch.size() / counted[COUNTED / 2]);
    }

    @Override
    public void close() {
        resources.close();
    }
}
