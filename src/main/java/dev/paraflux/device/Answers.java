package dev.paraflux.device;

import java.nio.DoubleBuffer;
import java.util.Arrays;

/** Where kernels put numbers, and whose they are: lists receive theirs when the queue has been waited for, in order. */
final class Answers {
    private final Arena arena;
    private Receiver[] receivers = new Receiver[8];
    private Arena.Block[] blocks = new Arena.Block[8];
    private int[] places = new int[8];
    private int[] counts = new int[8];
    private int promised;
    private int place;

    /** A list that asked for numbers. */
    interface Receiver {
        /** Takes so many numbers from a place on: those of the run whose turn it is, whatever became of the list since. */
        void receive(DoubleBuffer from, int at, int count);
    }

    Answers(Arena arena) {
        this.arena = arena;
    }

    /** Makes room for so many numbers; where a kernel puts them. */
    long room(int count) {
        place = arena.take(count * (long) Double.BYTES);
        return arena.block().address(place);
    }

    /** The kernel has been called that puts numbers into the room made last: they will be a list's. */
    void promise(Receiver receiver, int count) {
        if (promised == receivers.length) {
            int capacity = 2 * promised;
            receivers = Arrays.copyOf(receivers, capacity);
            blocks = Arrays.copyOf(blocks, capacity);
            places = Arrays.copyOf(places, capacity);
            counts = Arrays.copyOf(counts, capacity);
        }
        receivers[promised] = receiver;
        blocks[promised] = arena.block();
        places[promised] = place / Double.BYTES;
        counts[promised++] = count;
    }

    /** Hands all numbers over. */
    void deliver() {
        for (int i = 0; i < promised; i++) {
            receivers[i].receive(blocks[i].doubles, places[i], counts[i]);
        }
        forget();
    }

    /** Nobody will receive what was promised. */
    void forget() {
        Arrays.fill(receivers, 0, promised, null);
        Arrays.fill(blocks, 0, promised, null);
        promised = 0;
    }
}
