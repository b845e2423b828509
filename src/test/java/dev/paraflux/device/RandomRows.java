package dev.paraflux.device;

import java.util.Random;

/** Rows of random values in a buffer, and what lies in one. */
final class RandomRows {
    private RandomRows() {}

    /** Fills every row with normal values, and tells them. */
    static float[][] fill(Buffer buffer, Random random) {
        float[][] rows = new float[buffer.rows()][buffer.dim()];
        for (int r = 0; r < rows.length; r++) {
            for (int e = 0; e < buffer.dim(); e++) {
                rows[r][e] = (float) random.nextGaussian();
            }
            buffer.write(r, rows[r]);
        }
        return rows;
    }

    static float[] read(Buffer buffer, int row) {
        float[] values = new float[buffer.dim()];
        buffer.read(row, values);
        return values;
    }
}
