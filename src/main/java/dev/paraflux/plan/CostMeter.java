package dev.paraflux.plan;

import dev.paraflux.Cancellation;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Measures what calls of a model take. Sizes take turns, so that what else the machine does meets all of them. */
final class CostMeter {
    /** Of each size, where the time suffices. */
    private static final int TURNS = 9;
    private static final double SHORT_SECONDS = 0.05;
    /** Of the time that a sequential sample takes: what a slow model's larger sizes are worth. */
    private static final double SHARE_OF_SAMPLE = 0.5;

    private final Denoiser model;
    private final Device device;
    private final TimeGrid grid;
    private final List<Conditioning> asked;
    private final Cancellation cancellation;
    private Queue queue;

    /** @param rows where a sampler has its rows: where the model works there, it is measured on such */
    CostMeter(Denoiser model, Device rows, TimeGrid grid, List<Conditioning> asked, Cancellation cancellation) {
        this.model = model;
        device = model.worksOn(rows) ? rows : Device.cpu();
        this.grid = grid;
        this.asked = asked;
        this.cancellation = cancellation;
    }

    /** A size, and its calls so far. */
    private record Size(Batch batch, int rows, List<Double> seconds) {}

    /**
     * Measures 1, 2, 4, ... rows.
     *
     * @param most   rows of the largest size
     * @param budget seconds for all, or half of what a sequential sample takes if that is more; where they do not suffice
     *               for a size, neither it nor larger ones are measured
     */
    ModelCost measure(int most, double budget) {
        try (Buffer states = device.allocate(most, model.dim());
                Buffer predictions = device.allocate(most, model.dim());
                Queue made = device.queue()) {
            queue = made;
            float[] noise = new float[model.dim()];
            for (int row = 0; row < most; row++) {
                fill(noise, row);
                states.write(row, noise);
            }
            return measure(states, predictions, most, budget);
        }
    }

    private static void fill(float[] noise, int seed) {
        new TorchRandom(seed).fillNormal(noise);
    }

    private ModelCost measure(Buffer states, Buffer predictions, int most, double least) {
        double budget = least;
        long begun = System.nanoTime();
        List<Size> sizes = new ArrayList<>();
        for (int rows = 1; rows <= most; rows = rows < most ? Math.min(most, 2 * rows) : most + 1) {
            Size size = new Size(batch(states, predictions, rows), rows, new ArrayList<>());
            model.prepare(rows);
            // The first call of a size may make what later ones use, and on a device the second one may capture a graph.
            time(size);
            if (!device.isHost()) {
                time(size);
            }
            double first = time(size);
            size.seconds.add(first);
            sizes.add(size);
            budget = Math.max(budget, rows == 1 ? SHARE_OF_SAMPLE * grid.steps() * first : 0);
            // A call of twice as many rows takes twice as long at most, and is made twice before it counts.
            if (secondsSince(begun) + 4 * first > budget) {
                break;
            }
        }
        for (int turn = 1; turn < TURNS && secondsSince(begun) < budget; turn++) {
            for (Size size : sizes) {
                // After a call of another size caches hold other things: in a run most follow one of their own.
                if (size.seconds.get(0) < SHORT_SECONDS) {
                    time(size);
                }
                size.seconds.add(time(size));
            }
        }
        return new ModelCost(sizes.stream().map(CostMeter::point).toList());
    }

    private Batch batch(Buffer states, Buffer predictions, int rows) {
        Batch batch = new Batch(rows);
        batch.begin(queue, states, 0, predictions, 0);
        for (int i = 0; i < rows; i++) {
            batch.add(grid.level((int) ((long) i * grid.steps() / rows)), asked.get(i % asked.size()));
        }
        return batch;
    }

    private double time(Size size) {
        if (cancellation.isCancelled()) {
            throw new CancellationException("the plan was cancelled while the model was measured");
        }
        long before = System.nanoTime();
        size.batch.evaluateBy(model);
        queue.await();
        return secondsSince(before);
    }

    private static double secondsSince(long nanos) {
        // A clock that has not moved on would make a call free.
        return Math.max(1, System.nanoTime() - nanos) * 1e-9;
    }

    private static ModelCost.Point point(Size size) {
        double[] sorted = size.seconds.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int n = sorted.length;
        double median = sorted[n / 2];
        return new ModelCost.Point(size.rows, median, (sorted[(3 * (n - 1) + 2) / 4] - sorted[(n - 1) / 4]) / median);
    }
}
