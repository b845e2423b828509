package dev.paraflux.model;

import dev.paraflux.check.Require;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.json.Description;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The exact sample prediction for data of independent normal elements around a mean row; a label has a mean of its own. It
 * works on rows of every device, by its kernels and in the order of the batch's queue: with it nothing of a sample leaves the
 * device, so that it is for measuring what all but a network costs there, and an example of such a model. Thread-safe: calls
 * run one after another.
 *
 * <p>With s the standard deviation, {@code E[x0 | x] = gain x + (1 - alpha gain) mean} at noise level (alpha, sigma), where
 * {@code gain = alpha s^2 / (alpha^2 s^2 + sigma^2)}; in double, rounded once.
 */
public final class GaussianDenoiser extends ClosedFormDenoiser {
    private final double standardDeviation;
    /** Without a condition; then those of the labels. */
    private final List<float[]> means = new ArrayList<>();
    private final Map<Device, Buffer> meansThere = new HashMap<>();
    private final RowProgram rows = new RowProgram();
    /** For rows of the host that come without one. */
    private Queue own;

    /**
     * @param shape             shape of a row, one size or more, each 1 or more
     * @param standardDeviation of every element, above 0, finite
     * @param mean              without a condition, one finite value per element of a row
     * @param labelMeans        of the labels 0, 1, ...; there may be none
     * @throws IllegalArgumentException naming the value that is otherwise
     */
    public GaussianDenoiser(int[] shape, double standardDeviation, float[] mean, List<float[]> labelMeans) {
        super(shape);
        this.standardDeviation = Require.positive("standardDeviation", standardDeviation);
        add("mean", mean);
        for (int label = 0; label < labelMeans.size(); label++) {
            add("labelMeans[" + label + "]", labelMeans.get(label));
        }
    }

    private void add(String name, float[] mean) {
        Require.length(dim(), name, mean.length);
        means.add(Require.finite(name, mean.clone()));
    }

    @Override
    public Prediction prediction() {
        return Prediction.SAMPLE;
    }

    @Override
    int labels() {
        return means.size() - 1;
    }

    /** Everywhere. */
    @Override
    public boolean worksOn(Device device) {
        return true;
    }

    /** Every row is one of its program. */
    @Override
    public boolean writesAll() {
        return true;
    }

    /** The number of labels, and a digest of the shape, the deviation and the means. */
    @Override
    public ModelIdentity identity() {
        MessageDigest digest = digest();
        Sha256.add(digest, standardDeviation);
        for (float[] mean : means) {
            for (float value : mean) {
                Sha256.add(digest, (double) value);
            }
        }
        return ModelIdentity.of(Description.of("gaussian").with("labels", labels())
                .with(ModelIdentity.SHA256, Sha256.hex(digest)));
    }

    @Override
    void evaluateHeld(Batch batch) {
        Buffer there = means(batch.states().device());
        // What a call that failed has left.
        rows.clear();
        for (int i = 0; i < batch.size(); i++) {
            int mean = batch.condition(i) instanceof Condition.Label label ? 1 + label.label() : 0;
            NoiseLevel level = batch.level(i);
            double gain = gain(level);
            rows.into(batch.predictions(), batch.predictionRow(i)).plus(gain, batch.states(), batch.stateRow(i))
                    .plus(1 - level.alpha() * gain, there, mean);
        }
        Queue queue = batch.queue() == null ? own(batch.states().device()) : batch.queue();
        queue.run(rows);
        if (queue == own) {
            queue.await();
        }
    }

    private double gain(NoiseLevel level) {
        double scaled = level.alpha() * standardDeviation;
        return scaled * standardDeviation / (scaled * scaled + level.sigma() * level.sigma());
    }

    /** The means as rows of a device, written once: whatever queue reads them finds them there. */
    private Buffer means(Device device) {
        Buffer there = meansThere.get(device);
        if (there == null) {
            there = lifetime.own(() -> device.allocate(means.size(), dim()));
            try {
                for (int k = 0; k < means.size(); k++) {
                    there.write(k, means.get(k));
                }
                meansThere.put(device, there);
            } catch (RuntimeException | Error e) {
                there.close();
                throw e;
            }
        }
        return there;
    }

    private Queue own(Device host) {
        if (own == null || own.device() != host) {
            Queue made = lifetime.own(host::queue);
            if (own != null) {
                own.close();
            }
            own = made;
        }
        return own;
    }

    @Override
    void free() {
        meansThere.values().forEach(Buffer::close);
        if (own != null) {
            own.close();
        }
    }
}
