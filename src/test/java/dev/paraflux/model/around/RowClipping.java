package dev.paraflux.model.around;

import dev.paraflux.schedule.X0Limit;

/** Keeps a row of x0 in a range. Not for use by several threads at a time. */
final class RowClipping {
    private final double percentile;
    private final double limit;
    private final float[] magnitudes;

    RowClipping(X0Limit range, int dim) {
        percentile = range.percentile();
        limit = range.most();
        magnitudes = new float[Double.isNaN(percentile) ? 0 : dim];
    }

    /** Clips in place; false, with nothing changed, where a value is not finite. */
    boolean clip(float[] x0) {
        for (float value : x0) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        double cut = limit;
        double scale = 1;
        if (!Double.isNaN(percentile)) {
            for (int e = 0; e < x0.length; e++) {
                magnitudes[e] = Math.abs(x0[e]);
            }
            cut = Math.min(Math.max(Quantile.of(magnitudes, percentile), 1), limit);
            scale = cut;
        }
        for (int e = 0; e < x0.length; e++) {
            x0[e] = (float) (Math.min(Math.max(x0[e], -cut), cut) / scale);
        }
        return true;
    }
}
