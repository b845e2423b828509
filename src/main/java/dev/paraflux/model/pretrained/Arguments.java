package dev.paraflux.model.pretrained;

import dev.paraflux.device.HostBytes;
import dev.paraflux.model.Condition;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * What a call takes besides x, for a fixed number of rows: a time of each row, and a value of each of the card's inputs.
 * Outside the Java heap, where it stays until it is closed. Backends read it; what is in front of them writes it.
 */
public final class Arguments implements AutoCloseable {
    private final ModelCard card;
    private final CardConditions legal;
    private final int rows;
    private final HostBytes memory;
    private final ByteBuffer timeBytes;
    private final FloatBuffer times;
    private final ByteBuffer[] values;
    /** The same as numbers of their type; null where it is the other one. */
    private final LongBuffer[] longs;
    private final FloatBuffer[] floats;
    private final Condition[] conditions;
    private long version = 1;

    /**
     * Takes memory.
     *
     * @param rows 1 or more
     */
    public Arguments(ModelCard card, int rows) {
        this.card = card;
        legal = new CardConditions(card);
        this.rows = rows;
        List<ModelInput> inputs = card.inputs();
        long bytes = HostBytes.aligned((long) rows * Float.BYTES);
        for (ModelInput input : inputs) {
            bytes += HostBytes.aligned(bytes(input));
        }
        memory = new HostBytes(bytes, "the arguments of " + rows + " rows of model " + card.name());
        long at = HostBytes.aligned((long) rows * Float.BYTES);
        timeBytes = memory.view(0, (long) rows * Float.BYTES);
        times = timeBytes.asFloatBuffer();
        values = new ByteBuffer[inputs.size()];
        longs = new LongBuffer[values.length];
        floats = new FloatBuffer[values.length];
        for (int k = 0; k < values.length; k++) {
            values[k] = memory.view(at, bytes(inputs.get(k)));
            boolean whole = inputs.get(k).type() == ModelInput.Type.INT64;
            longs[k] = whole ? values[k].asLongBuffer() : null;
            floats[k] = whole ? null : values[k].asFloatBuffer();
            at += HostBytes.aligned(bytes(inputs.get(k)));
        }
        conditions = new Condition[rows];
    }

    private long bytes(ModelInput input) {
        return (long) rows * input.values() * input.type().bytes();
    }

    /** What the model takes. */
    public ModelCard card() {
        return card;
    }

    /** How many rows a call has. */
    public int rows() {
        return rows;
    }

    /** Times, in training steps: float32 [rows], a direct buffer, the same one each time. */
    public FloatBuffer times() {
        return times;
    }

    /** The same times, as bytes in the machine's byte order: a direct buffer, the same one each time. */
    public ByteBuffer timeBytes() {
        return timeBytes;
    }

    /**
     * The values of an input, [rows, its shape] of its type in the machine's byte order: a direct buffer, the same one each
     * time.
     *
     * @param input its number among the card's inputs
     */
    public ByteBuffer values(int input) {
        return values[input];
    }

    /** Changes whenever a value of an input is written anew, or may have been changed; from 1. Times do not count. */
    public long version() {
        return version;
    }

    /** Sets what a row is asked for, which is legal for the card: {@link CardConditions} tells. */
    public void set(int row, double time, Condition condition) {
        times.put(row, (float) time);
        // The same object says the same: conditions are immutable.
        if (conditions[row] != condition) {
            for (int k = 0; k < values.length; k++) {
                ModelInput input = card.inputs().get(k);
                int length = input.values();
                if (longs[k] != null) {
                    longs[k].limit((row + 1) * length).position(row * length);
                    legal.write(input, condition, longs[k]);
                } else {
                    floats[k].limit((row + 1) * length).position(row * length);
                    legal.write(input, condition, floats[k]);
                }
            }
            conditions[row] = condition;
            version++;
        }
    }

    /** Sets legal values of no meaning, for trying the model out and for warming it up. */
    void setIdle(int label, double time) {
        for (int k = 0; k < values.length; k++) {
            ModelInput input = card.inputs().get(k);
            int length = input.values();
            if (longs[k] != null) {
                longs[k].clear();
                for (int i = 0; i < rows * length; i++) {
                    longs[k].put(i, input.isLabel() ? label : 0);
                }
            } else {
                float[] row = PaddedRows.idle(length);
                floats[k].clear();
                for (int i = 0; i < rows; i++) {
                    floats[k].put(i * length, row);
                }
            }
        }
        for (int i = 0; i < rows; i++) {
            times.put(i, (float) time);
        }
        forget();
    }

    /** Has the values written anew, since the model may have changed them. */
    void forget() {
        Arrays.fill(conditions, null);
        version++;
    }

    @Override
    public void close() {
        memory.close();
    }
}
