package dev.paraflux.device;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** Rows that a device copies to the host's memory, and where they go from there when the queue has been waited for. */
final class ReadBacks {
    private final Arena arena;
    private Arena.Block[] blocks = new Arena.Block[4];
    private int[] places = new int[4];
    private int[] dims = new int[4];
    /** A float[] or a FloatBuffer, and where in it. */
    private Object[] targets = new Object[4];
    private int[] offsets = new int[4];
    private int count;

    ReadBacks(Arena arena) {
        this.arena = arena;
    }

    /** Makes room for a row; where the device is to copy it. */
    long room(int dim, Object target, int offset) {
        if (count == places.length) {
            int capacity = 2 * count;
            blocks = Arrays.copyOf(blocks, capacity);
            places = Arrays.copyOf(places, capacity);
            dims = Arrays.copyOf(dims, capacity);
            targets = Arrays.copyOf(targets, capacity);
            offsets = Arrays.copyOf(offsets, capacity);
        }
        int place = arena.take(dim * (long) Float.BYTES);
        blocks[count] = arena.block();
        places[count] = place / Float.BYTES;
        dims[count] = dim;
        targets[count] = target;
        offsets[count] = offset;
        return arena.block().address(place);
    }

    /** The copy into the room made last has been enqueued. */
    void promise() {
        count++;
    }

    /** Hands all rows over. */
    void deliver() {
        for (int i = 0; i < count; i++) {
            if (targets[i] instanceof FloatBuffer buffer) {
                buffer.put(offsets[i], blocks[i].floats, places[i], dims[i]);
            } else {
                blocks[i].floats.get(places[i], (float[]) targets[i], offsets[i], dims[i]);
            }
        }
        forget();
    }

    /** Nobody will receive what was promised. */
    void forget() {
        Arrays.fill(blocks, 0, count, null);
        Arrays.fill(targets, 0, count, null);
        count = 0;
    }
}
