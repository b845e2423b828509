package dev.paraflux.model.around;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Mask;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * The masks that were met last, as rows on the device: each is written there once, as long as it is the same object that
 * comes again. Holds {@value #FEWEST} masks, or as many as a batch has had.
 */
final class MaskRows {
    private static final int FEWEST = 8;
    private static final int NO_ROOM = -1;

    private final IntFunction<Buffer> allocate;
    /** Row 2 k is the mask of entry k, row 2 k + 1 what is known. */
    private Buffer rows;
    private Mask[] masks = new Mask[FEWEST];
    private long[] used = new long[FEWEST];
    private int[] entries = {};
    private long call;
    private int last;

    /** @param allocate makes so many rows */
    MaskRows(IntFunction<Buffer> allocate) {
        this.allocate = allocate;
    }

    /** Makes room for batches of so many rows. */
    void reserve(int batchRows) {
        if (batchRows > entries.length) {
            entries = new int[batchRows];
        }
    }

    /** Has the masks of all rows of a batch on the device; by the queue, before what it runs next. */
    void load(Batch batch, Queue queue) {
        call++;
        for (int i = 0; i < batch.size(); i++) {
            Mask mask = batch.conditioning(i).mask();
            if (mask != null) {
                entries[i] = entry(mask, queue);
                if (entries[i] == NO_ROOM) {
                    int room = 2 * masks.length;
                    free();
                    masks = new Mask[room];
                    used = new long[room];
                    i = -1;
                }
            }
        }
    }

    /** The entry of a mask, which is written if it was not there. */
    private int entry(Mask mask, Queue queue) {
        int entry = masks[last] == mask ? last : find(mask);
        if (masks[entry] != mask) {
            if (used[entry] == call) {
                return NO_ROOM;
            }
            if (rows == null) {
                rows = allocate.apply(2 * masks.length);
            }
            masks[entry] = null;
            mask.writeMask(queue, rows, 2 * entry);
            mask.writeKnown(queue, rows, 2 * entry + 1);
            masks[entry] = mask;
        }
        used[entry] = call;
        last = entry;
        return entry;
    }

    /** Where a mask is, or else the entry that was used longest ago. */
    private int find(Mask mask) {
        int oldest = 0;
        for (int k = 0; k < masks.length; k++) {
            if (masks[k] == mask) {
                return k;
            }
            oldest = used[k] < used[oldest] ? k : oldest;
        }
        return oldest;
    }

    /** Blends the row that was begun last with what is known of row i of the batch. */
    void blend(RowProgram program, int i) {
        program.blend(rows, 2 * entries[i], rows, 2 * entries[i] + 1);
    }

    /** Forgets all masks. */
    void free() {
        if (rows != null) {
            rows.close();
            rows = null;
        }
        Arrays.fill(masks, null);
        Arrays.fill(used, 0);
    }
}
