package dev.paraflux.model.around;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.device.RowQuantiles;
import dev.paraflux.json.Description;
import dev.paraflux.model.Batch;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.schedule.X0Limit;

/** The range that rows of x0 are kept in, and what of it each row of a batch needs. For one thread at a time. */
final class X0Range {
    private static final String CLIPPING = "x0-clipping";
    private static final String THRESHOLDING = "dynamic-thresholding";

    private final X0Limit limit;
    private final boolean dynamic;
    private final RowQuantiles quantiles = new RowQuantiles();

    X0Range(X0Limit limit) {
        this.limit = limit;
        dynamic = !Double.isNaN(limit.percentile());
    }

    /**
     * Asks for what the range depends on: of rows that the batch's predictions are by now, or will be when the rows so far
     * have run. Nothing where the limit is fixed.
     *
     * @param rows what is still to be run; it is run and empty where this needed it
     */
    void measure(Batch batch, RowProgram rows, Queue queue) {
        if (!dynamic) {
            return;
        }
        queue.run(rows);
        quantiles.clear();
        for (int i = 0; i < batch.size(); i++) {
            quantiles.add(batch.predictions(), batch.predictionRow(i), limit.percentile());
        }
        queue.quantiles(quantiles);
        queue.await();
        rows.clear();
    }

    /** Adds the row that keeps row i of the batch in the range. Values that are not finite stay so. */
    void clip(RowProgram rows, Batch batch, int i, Buffer into, int row) {
        double cut = dynamic ? threshold(i) : limit.most();
        rows.into(into, row).plus(1, batch.predictions(), batch.predictionRow(i)).clamp(-cut, cut, dynamic ? cut : 1);
    }

    /** A row that is not finite may have no quantile; whatever it is divided by, it stays so. */
    private double threshold(int i) {
        double quantile = quantiles.value(i);
        return Double.isNaN(quantile) ? limit.most() : Math.min(Math.max(quantile, 1), limit.most());
    }

    /** The range as part of a model's identity. */
    Description description() {
        return dynamic
                ? Description.of(THRESHOLDING).with("percentile", limit.percentile()).with("maxRange", limit.most())
                : Description.of(CLIPPING).with("limit", limit.most());
    }

    /** The range that a model's identity says, {@link X0Limit#NONE} if it says none. */
    static X0Limit limit(ModelIdentity model) {
        return model.part(CLIPPING).map(part -> X0Limit.at(part.number("limit").orElse(1)))
                .or(() -> model.part(THRESHOLDING).map(part -> X0Limit.dynamic(part.number("percentile").orElse(1),
                        part.number("maxRange").orElse(1))))
                .orElse(X0Limit.NONE);
    }
}
