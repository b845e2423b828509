package dev.paraflux.model.pretrained;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.model.around.ForwardingDenoiser;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;
import java.util.List;

/**
 * Several copies of one model, on several devices for example, that share the rows of a call: each takes neighbours, as many as
 * its share says, on a thread of its own. Rows are the host's, from where each copy brings them to where it works; a sampler
 * keeps its own rows on whichever device it has, and adds and judges there. Which copy a row goes to follows from the number of
 * rows and the shares alone, so that its bits do not depend on who had time. Thread-safe: calls run one after another.
 */
public final class SpreadDenoiser extends ForwardingDenoiser {
    private static final int TURNS = 5;

    private final List<Denoiser> copies;
    /** Of all rows, what the copies before each have together; 1 behind the last. */
    private final double[] before;
    private final Batch[] parts;
    private final int[] used;
    private final Lifetime lifetime = new Lifetime("SpreadDenoiser");
    private final Crew crew;
    private final Crew.Task task = this::evaluatePart;

    private SpreadDenoiser(List<Denoiser> copies, double[] before) {
        super(copies.get(0));
        this.copies = copies;
        this.before = before;
        parts = new Batch[copies.size()];
        used = new int[copies.size()];
        crew = new Crew(copies.size());
    }

    /** Shares calls evenly; as {@link #of(List, double...)}. */
    public static SpreadDenoiser of(List<? extends Denoiser> copies) {
        double[] shares = new double[copies.size()];
        Arrays.fill(shares, 1);
        return of(copies, shares);
    }

    /**
     * Shares calls.
     *
     * @param copies of one model, one or more, none of them twice: calls of them run at the same time
     * @param shares how many rows each takes, against the others: above 0, finite; {@link #speeds} for example
     * @throws IllegalArgumentException if they are not copies of one model, or a share is otherwise
     * @throws IllegalStateException    if a copy cannot tell which model it is
     */
    public static SpreadDenoiser of(List<? extends Denoiser> copies, double... shares) {
        List<Denoiser> all = List.copyOf(copies);
        Require.that(!all.isEmpty(), "number of copies", 0, "1 or more");
        Require.length(all.size(), "shares", shares.length);
        ModelIdentity first = all.get(0).identity();
        double sum = 0;
        for (int k = 0; k < shares.length; k++) {
            Denoiser copy = all.get(k);
            sum += Require.positive("shares[" + k + "]", shares[k]);
            Require.that(all.indexOf(copy) == k, "copies[" + k + "]", copy, "another one than those before it");
            if (!copy.identity().equals(first) || copy.prediction() != all.get(0).prediction()
                    || !Arrays.equals(copy.shape(), all.get(0).shape())) {
                throw new IllegalValueException("copies[" + k + "]", copy.identity(),
                        first + ", as the first: they share calls of one model");
            }
        }
        double[] before = new double[shares.length + 1];
        double taken = 0;
        for (int k = 1; k < shares.length; k++) {
            taken += shares[k - 1];
            before[k] = taken / sum;
        }
        before[shares.length] = 1;
        return new SpreadDenoiser(all, before);
    }

    /**
     * How fast copies are, each by itself: rows in a second of calls of so many rows, medians of calls that take turns.
     *
     * @param grid levels of the rows
     * @param asked what they ask for
     * @param rows 1 to {@value Batch#MAX_ROWS}
     */
    public static double[] speeds(List<? extends Denoiser> copies, TimeGrid grid, Conditioning asked, int rows) {
        Batch.requireRows(rows, "rows");
        double[][] seconds = new double[copies.size()][TURNS];
        for (int turn = -1; turn < TURNS; turn++) {
            for (int k = 0; k < seconds.length; k++) {
                seconds[k][Math.max(0, turn)] = seconds(copies.get(k), grid, asked, rows);
            }
        }
        return Arrays.stream(seconds).mapToDouble(each -> rows / Arrays.stream(each).sorted().toArray()[TURNS / 2])
                .toArray();
    }

    private static double seconds(Denoiser copy, TimeGrid grid, Conditioning asked, int rows) {
        copy.prepare(rows);
        try (Buffer states = Device.cpu().allocate(rows, copy.dim());
                Buffer predictions = Device.cpu().allocate(rows, copy.dim())) {
            float[] noise = new float[copy.dim()];
            Batch batch = new Batch(rows);
            batch.begin(states, 0, predictions, 0);
            for (int row = 0; row < rows; row++) {
                new TorchRandom(row).fillNormal(noise);
                states.write(row, noise);
                batch.add(grid.level((int) ((long) row * grid.steps() / rows)), asked);
            }
            long before = System.nanoTime();
            batch.evaluateBy(copy);
            return Math.max(1, System.nanoTime() - before) * 1e-9;
        }
    }

    /** Of each copy: they are one model. */
    @Override
    public ModelIdentity identity() {
        return model.identity();
    }

    /** On the host alone, from where each copy brings its rows. */
    @Override
    public boolean worksOn(Device device) {
        return device.isHost();
    }

    /** Where the rows of a copy begin, of so many; rows that the shares do not divide go to the copies in front. */
    private int start(int copy, int rows) {
        return (int) Math.min(rows, Math.ceil(rows * before[copy] - 1e-9));
    }

    @Override
    public synchronized void prepare(int rows) {
        Batch.requireRows(rows, "rows");
        lifetime.acquire();
        try {
            for (int k = 0; k < parts.length; k++) {
                double share = before[k + 1] - before[k];
                int most = Math.max(1, Math.min(rows, (int) Math.ceil(rows * share) + 1));
                reserve(k, most);
                copies.get(k).prepare(most);
            }
        } finally {
            lifetime.release();
        }
    }

    private void reserve(int copy, int rows) {
        if (parts[copy] == null || parts[copy].capacity() < rows) {
            parts[copy] = new Batch(rows);
        }
    }

    @Override
    public synchronized void evaluate(Batch batch) {
        lifetime.acquire();
        try {
            batch.acquire(this);
            try {
                for (int i = 0; i < batch.size(); i++) {
                    requireLegal(batch.conditioning(i));
                }
                int count = begin(batch);
                crew.run(task, count, count);
            } finally {
                batch.release();
            }
        } finally {
            lifetime.release();
        }
    }

    /** Gives each copy its rows; the number of those that have some. */
    private int begin(Batch batch) {
        int count = 0;
        for (int k = 0; k < parts.length; k++) {
            int from = start(k, batch.size());
            int to = start(k + 1, batch.size());
            if (from < to) {
                reserve(k, to - from);
                used[count++] = k;
                // Without the queue, which is for one thread: rows of the host are there.
                parts[k].begin(batch.states(), batch.stateRow(from), batch.predictions(), batch.predictionRow(from));
                parts[k].unwantedWhen(batch.unwanted());
                for (int i = from; i < to; i++) {
                    parts[k].add(batch.level(i), batch.conditioning(i));
                }
            }
        }
        return count;
    }

    private void evaluatePart(int part) {
        parts[used[part]].evaluateBy(copies.get(used[part]));
    }

    @Override
    public Denoiser owning() {
        copies.forEach(Denoiser::owning);
        return super.owning();
    }

    /**
     * Ends its threads, and closes the copies where it is {@link #owning}. A second call does nothing.
     *
     * @throws IllegalStateException if a call is under way on another thread, or of a copy that it owns
     */
    @Override
    public void close() {
        if (isOwning() ? lifetime.closeWith(() -> copies.forEach(Denoiser::close)) : lifetime.close()) {
            crew.close();
        }
    }

    @Override
    public String toString() {
        return copies.size() + " copies of " + copies.get(0);
    }
}
