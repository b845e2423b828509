package dev.paraflux.device;

import java.nio.DoubleBuffer;
import java.util.Arrays;

/**
 * Where kernels put numbers, and whose they are: lists receive theirs when the queue has been waited for, but for a list
 * that was emptied or run again meanwhile.
 */
final class Answers {
    private final Queue queue;
    private final Arena arena;
    private long[] runs = new long[8];
    private Receipt[] receipts = new Receipt[8];
    private Receiver[] receivers = new Receiver[8];
    private Arena.Block[] blocks = new Arena.Block[8];
    private int[] places = new int[8];
    private int[] counts = new int[8];
    private int promised;
    private int place;

    /** A list that asked for numbers. */
    interface Receiver {
        /** Takes so many numbers from a place on. */
        void receive(DoubleBuffer from, int at, int count);
    }

    Answers(Queue queue, Arena arena) {
        this.queue = queue;
        this.arena = arena;
    }

    /** Makes room for so many numbers; where a kernel puts them. */
    long room(int count) {
        place = arena.take(count * (long) Double.BYTES);
        return arena.block().address(place);
    }

    /** The kernel of a run has been called, which puts numbers into the room made last: they will be a list's. */
    void promise(long run, Receipt receipt, Receiver receiver, int count) {
        if (promised == receivers.length) {
            int capacity = 2 * promised;
            runs = Arrays.copyOf(runs, capacity);
            receipts = Arrays.copyOf(receipts, capacity);
            receivers = Arrays.copyOf(receivers, capacity);
            blocks = Arrays.copyOf(blocks, capacity);
            places = Arrays.copyOf(places, capacity);
            counts = Arrays.copyOf(counts, capacity);
        }
        runs[promised] = run;
        receipts[promised] = receipt;
        receivers[promised] = receiver;
        blocks[promised] = arena.block();
        places[promised] = place / Double.BYTES;
        counts[promised++] = count;
    }

    /** Hands all numbers over. */
    void deliver() {
        for (int i = 0; i < promised; i++) {
            if (receipts[i].isOf(queue, runs[i])) {
                receivers[i].receive(blocks[i].doubles, places[i], counts[i]);
            }
        }
        forget();
    }

    /** Nobody will receive what was promised. */
    void forget() {
        Arrays.fill(receipts, 0, promised, null);
        Arrays.fill(receivers, 0, promised, null);
        Arrays.fill(blocks, 0, promised, null);
        promised = 0;
    }
}
