package dev.paraflux.benchmarks.load;

import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.concurrent.locks.LockSupport;

/**
 * A model whose call takes the same time whatever the batch, as on a device that a batch does not fill. Its predictions
 * are the exact ones for data that are normal around a mean, which the label moves: row by row, so that a sample's bits can
 * depend on nothing else. Makes no garbage.
 */
final class SteadyModel implements Denoiser {
    private static final double DEVIATION = 0.5;
    private static final double MEAN_OF_LABEL = 0.1;

    private final float[] row;
    private final long nanos;
    private final boolean spins;

    /**
     * @param nanos of a call, 0 for as short as it can be
     * @param spins keeps a core busy for that time, as a model on the CPU does; else the thread sleeps, as one that waits
     *              for a device does
     */
    SteadyModel(int dim, long nanos, boolean spins) {
        row = new float[dim];
        this.nanos = nanos;
        this.spins = spins;
    }

    @Override
    public int[] shape() {
        return new int[] {row.length};
    }

    @Override
    public int dim() {
        return row.length;
    }

    @Override
    public Prediction prediction() {
        return Prediction.EPSILON;
    }

    @Override
    public void requireLegal(Condition condition) {}

    @Override
    public void evaluate(Batch batch) {
        long end = System.nanoTime() + nanos;
        for (int i = 0; i < batch.size(); i++) {
            batch.states().read(batch.stateRow(i), row);
            predict(batch.level(i), batch.condition(i) instanceof Condition.Label label ? label.label() : 0);
            batch.predictions().write(batch.predictionRow(i), row);
        }
        for (long left = end - System.nanoTime(); nanos > 0 && left > 0; left = end - System.nanoTime()) {
            if (spins) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(left);
            }
        }
    }

    private void predict(NoiseLevel level, int label) {
        double alpha = level.alpha();
        double sigma = level.sigma();
        double mean = alpha * MEAN_OF_LABEL * label;
        double scale = sigma / (alpha * alpha * DEVIATION * DEVIATION + sigma * sigma);
        for (int e = 0; e < row.length; e++) {
            row[e] = (float) (scale * (row[e] - mean));
        }
    }
}
