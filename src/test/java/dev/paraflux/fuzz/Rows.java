package dev.paraflux.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import java.util.Arrays;
import java.util.Random;

/**
 * A few buffers of different lengths, open and closed, and what lies in their rows. The last row of each is a canary: no
 * call names it as an output.
 */
final class Rows implements AutoCloseable {
    static final int BUFFERS = 6;
    static final int ROWS = 5;
    private static final int[] DIMS = {1, 7, 16, 16, 16, 33};

    private final Buffer[] buffers = new Buffer[BUFFERS];
    private final float[][][] values = new float[BUFFERS][ROWS][];
    private final boolean[] closed = new boolean[BUFFERS];

    Rows(Random random) {
        for (int b = 0; b < BUFFERS; b++) {
            open(b, random);
        }
    }

    /** Rows of 16 values are there most often, so that most calls name rows that go together. */
    static int any(Random random) {
        return random.nextInt(30) == 0 ? random.nextInt(BUFFERS) : 2 + random.nextInt(3);
    }

    /** As that, a row of such a buffer; now and then one that it does not have. */
    PlainRow.Place anyPlace(Random random) {
        int b = any(random);
        return new PlainRow.Place(b, buffers[b], Fuzz.index(random, ROWS));
    }

    /** As {@link #anyPlace}, to be written: not the canary. */
    PlainRow.Place anyOutput(Random random) {
        PlainRow.Place any = anyPlace(random);
        return any.row() == ROWS - 1 ? new PlainRow.Place(any.place(), any.buffer(), ROWS) : any;
    }

    Buffer buffer(int b) {
        return buffers[b];
    }

    int dim(int b) {
        return DIMS[b];
    }

    float[] values(int b, int row) {
        return values[b][row];
    }

    private void open(int b, Random random) {
        buffers[b] = Device.cpu().allocate(ROWS, DIMS[b]);
        closed[b] = false;
        for (int r = 0; r < ROWS; r++) {
            values[b][r] = new float[DIMS[b]];
            for (int e = 0; e < DIMS[b]; e++) {
                values[b][r][e] = random.nextInt(9) - 4;
            }
            buffers[b].write(r, values[b][r]);
        }
    }

    /** Closes a buffer, or opens another in the place of a closed one. */
    void toggle(Random random) {
        int b = random.nextInt(BUFFERS);
        if (closed[b]) {
            open(b, random);
        } else if (random.nextInt(12) == 0) {
            buffers[b].close();
            closed[b] = true;
        }
    }

    void read(Random random) {
        int b = random.nextInt(BUFFERS);
        int row = Fuzz.index(random, ROWS);
        float[] into = someValues(random);
        int offset = random.nextInt(4) == 0 ? Fuzz.index(random, 40) : 0;
        buffers[b].read(row, into, offset);
        for (int e = 0; e < DIMS[b]; e++) {
            assertEquals(values[b][row][e], into[offset + e]);
        }
    }

    /** As {@link #read(Random)}, by a queue. */
    void read(Queue queue, Random random) {
        int b = random.nextInt(BUFFERS);
        int row = Fuzz.index(random, ROWS);
        float[] into = someValues(random);
        int offset = random.nextInt(4) == 0 ? Fuzz.index(random, 40) : 0;
        queue.read(buffers[b], row, into, offset);
        for (int e = 0; e < DIMS[b]; e++) {
            assertEquals(values[b][row][e], into[offset + e]);
        }
    }

    /** As {@link #write(Random)}, by a queue. */
    void write(Queue queue, Random random) {
        int b = random.nextInt(BUFFERS);
        int row = Fuzz.index(random, ROWS - 1);
        float[] from = someValues(random);
        Arrays.fill(from, random.nextInt(9) - 4);
        queue.write(from, 0, buffers[b], row);
        System.arraycopy(from, 0, values[b][row], 0, DIMS[b]);
    }

    /** Too few for some rows. */
    private static float[] someValues(Random random) {
        return new float[random.nextInt(64)];
    }

    void write(Random random) {
        int b = random.nextInt(BUFFERS);
        int row = Fuzz.index(random, ROWS - 1);
        float[] from = someValues(random);
        Arrays.fill(from, random.nextInt(9) - 4);
        buffers[b].write(row, from);
        // The row behind the last is the canary, which is written and known, or outside.
        System.arraycopy(from, 0, values[b][row], 0, DIMS[b]);
    }

    void hold(Random random) {
        Buffer buffer = buffers[random.nextInt(BUFFERS)];
        buffer.acquire();
        try {
            buffer.close();
            throw new AssertionError("a buffer in use was closed");
        } catch (IllegalStateException inUse) {
            // As it must be.
        } finally {
            buffer.release();
        }
    }

    /** Every row of every open buffer has the bits that are known. */
    void check() {
        float[] found = new float[33];
        for (int b = 0; b < BUFFERS; b++) {
            for (int r = 0; !closed[b] && r < ROWS; r++) {
                buffers[b].read(r, found);
                for (int e = 0; e < DIMS[b]; e++) {
                    if (Float.floatToIntBits(values[b][r][e]) != Float.floatToIntBits(found[e])) {
                        throw new AssertionError("row " + r + " of buffer " + b + " has " + found[e] + " at " + e
                                + ", not " + values[b][r][e]);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        for (Buffer buffer : buffers) {
            buffer.close();
        }
    }
}
