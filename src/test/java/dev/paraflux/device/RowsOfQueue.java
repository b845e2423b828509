package dev.paraflux.device;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;

/** A queue of some device for a test, and rows that it alone writes and reads. */
abstract class RowsOfQueue {
    static final int ROWS = 8;

    final Resources resources = new Resources();
    private Queue queue;

    /** The device under test. */
    abstract Device device();

    final Queue queue() {
        if (queue == null) {
            queue = resources.add(device().queue());
        }
        return queue;
    }

    @AfterEach
    void close() {
        resources.close();
    }

    /** Rows of values that the queue writes. */
    final Buffer written(float[][] values) {
        Buffer buffer = resources.add(device().allocate(values.length, values[0].length));
        for (int r = 0; r < values.length; r++) {
            queue().write(values[r], 0, buffer, r);
        }
        return buffer;
    }

    final float[] read(Buffer buffer, int row) {
        float[] values = new float[buffer.dim()];
        queue().read(buffer, row, values, 0);
        queue().await();
        return values;
    }

    /** {@link #ROWS} rows of normal values, the same for the same length. */
    static float[][] random(int dim) {
        Random random = new Random(dim);
        float[][] values = new float[ROWS][dim];
        for (float[] row : values) {
            for (int e = 0; e < dim; e++) {
                row[e] = (float) random.nextGaussian();
            }
        }
        return values;
    }
}
