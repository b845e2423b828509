package dev.paraflux.engine;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.method.Round;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;

/**
 * Where the rows of a model call lie. Rows that already lie side by side are read and written where they are; others are
 * gathered before the call and scattered after it. A model that works on the device finds and leaves them there, in the order
 * of the queue. For any other one they are staged: states travel to the host before the call, which waits for them, and
 * predictions to the device after it, which nobody waits for.
 */
final class BatchRows implements AutoCloseable {
    private final Queue queue;
    private final RowProgram rows;
    private final RowPair gathered;
    /** Null where the model works on the device of the rows. */
    private final RowPair staged;
    /** Of the call that was begun last. */
    private boolean inPlace;
    private int count;
    private Buffer from;
    private int fromRow;
    private Buffer into;
    private int intoRow;

    /** @param rows what is to be computed before the next model call, and where the scattering goes */
    BatchRows(Denoiser denoiser, Queue queue, RowProgram rows, Lifetime owner) {
        this.queue = queue;
        this.rows = rows;
        Device device = queue.device();
        int dim = denoiser.dim();
        gathered = new RowPair(owner, (resources, size) -> resources.allocate(device, size, dim));
        staged = denoiser.worksOn(device) ? null
                : new RowPair(owner, (resources, size) -> resources.staging(device, size, dim));
    }

    /**
     * Makes room for so many rows, wherever they lie.
     *
     * @param most rows that will ever be needed
     * @throws OutOfMemoryError if there is no memory
     */
    void makeRoom(int size, int most) {
        stage(size, most);
        if (!gathered.holds(size)) {
            // What the last batch has yet to scatter lies here.
            runRows();
            gathered.makeRoom(size, most);
        }
    }

    private void stage(int size, int most) {
        if (staged != null) {
            staged.makeRoom(size, most);
        }
    }

    /**
     * Begins a call for some entries of a round, and tells the batch where it reads and writes; as {@link #makeRoom}.
     *
     * @param entries the first {@code size} of them
     */
    void begin(Batch batch, Round round, int[] entries, int size, int most) {
        count = size;
        inPlace = liesSideBySide(round, entries, size);
        if (inPlace) {
            stage(size, most);
            from = round.states(entries[0]);
            fromRow = round.stateRow(entries[0]);
            into = round.predictions(entries[0]);
            intoRow = round.predictionRow(entries[0]);
        } else {
            makeRoom(size, most);
            from = gathered.states();
            fromRow = 0;
            into = gathered.predictions();
            intoRow = 0;
            for (int i = 0; i < size; i++) {
                rows.copy(round.states(entries[i]), round.stateRow(entries[i]), from, i);
            }
        }
        if (staged == null) {
            batch.begin(queue, from, fromRow, into, intoRow);
        } else {
            batch.begin(staged.states(), 0, staged.predictions(), 0);
        }
    }

    private static boolean liesSideBySide(Round round, int[] entries, int size) {
        int first = entries[0];
        for (int i = 1; i < size; i++) {
            int entry = entries[i];
            if (round.states(entry) != round.states(first) || round.stateRow(entry) != round.stateRow(first) + i
                    || round.predictions(entry) != round.predictions(first)
                    || round.predictionRow(entry) != round.predictionRow(first) + i) {
                return false;
            }
        }
        return true;
    }

    /** Computes what is to be computed: the model finds the states then. */
    void bringStates() {
        runRows();
        if (staged != null) {
            queue.transfer(from, fromRow, staged.states(), 0, count);
            queue.await();
        }
    }

    private void runRows() {
        queue.run(rows);
        rows.clear();
    }

    /** Has predictions go where the round wants them. */
    void takePredictions(Round round, int[] entries) {
        if (staged != null) {
            queue.transfer(staged.predictions(), 0, into, intoRow, count);
        }
        for (int i = 0; !inPlace && i < count; i++) {
            rows.copy(into, i, round.predictions(entries[i]), round.predictionRow(entries[i]));
        }
    }

    @Override
    public void close() {
        gathered.close();
        if (staged != null) {
            staged.close();
        }
    }
}
