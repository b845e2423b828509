package dev.paraflux.model.remote;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.HostBytes;
import dev.paraflux.device.Lifetime;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Rows of a request: what has come in, and what goes out. Used again and again, one request after another. */
final class ServerRows implements AutoCloseable {
    private final ModelCard card;
    private final ModelTensors tensors;
    private final int capacity;
    private final Buffer states;
    private final Buffer predictions;
    private final HostBytes others;
    private final Batch batch;
    private int count;

    /** Those that nobody uses now. */
    static final class Pool implements AutoCloseable {
        /** All rows of a request, or one row where that is more. */
        private static final long MOST_BYTES = 1L << 28;
        /** All rows of all requests together, or one request where that is more. */
        private static final long MOST_HELD_BYTES = 1L << 30;
        private static final int MOST_TAKEN = 64;

        private final ModelCard card;
        private final ModelTensors tensors;
        private final Lifetime owner;
        private final long mostHeld;
        private final ArrayDeque<ServerRows> idle = new ArrayDeque<>();
        private boolean closed;
        private int taken;
        private long held;

        Pool(ModelCard card, ModelTensors tensors, Lifetime owner) {
            this(card, tensors, owner, MOST_HELD_BYTES);
        }

        /** @param mostHeld bytes of all rows together, or one request where that is more */
        Pool(ModelCard card, ModelTensors tensors, Lifetime owner, long mostHeld) {
            this.mostHeld = mostHeld;
            this.card = card;
            this.tensors = tensors;
            this.owner = owner;
        }

        /** Rows that a request may have. */
        int mostRows() {
            return (int) Math.max(1, Math.min(Batch.MAX_ROWS, MOST_BYTES / tensors.rowBytes()));
        }

        /** Null, if too many are in use. */
        synchronized ServerRows take(int count) {
            if (taken == MOST_TAKEN) {
                return null;
            }
            ServerRows rows = idle.poll();
            if (rows != null && rows.capacity < count) {
                drop(rows);
                rows = null;
            }
            if (rows == null) {
                long bytes = count * tensors.rowBytes();
                while (held + bytes > mostHeld && !idle.isEmpty()) {
                    drop(idle.poll());
                }
                if (held + bytes > mostHeld && taken > 0) {
                    return null;
                }
                rows = owner.own(() -> new ServerRows(card, tensors, count));
                held += bytes;
            }
            rows.count = count;
            taken++;
            return rows;
        }

        private void drop(ServerRows rows) {
            held -= rows.capacity * tensors.rowBytes();
            rows.close();
        }

        synchronized void giveBack(ServerRows rows) {
            taken--;
            if (closed) {
                rows.close();
            } else {
                idle.push(rows);
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            idle.forEach(ServerRows::close);
            idle.clear();
        }
    }

    private ServerRows(ModelCard card, ModelTensors tensors, int capacity) {
        this.card = card;
        this.tensors = tensors;
        this.capacity = capacity;
        states = Device.cpu().allocate(capacity, card.dim());
        predictions = Device.cpu().allocate(capacity, card.dim());
        long bytes = 0;
        for (int k = 1; k < tensors.inputs().size(); k++) {
            bytes += HostBytes.aligned((long) capacity * tensors.inputs().get(k).bytes());
        }
        others = new HostBytes(bytes, "the inputs of " + capacity + " rows of model " + card.name());
        batch = new Batch(capacity);
    }

    int count() {
        return count;
    }

    /** Where an input's bytes go. */
    ByteBuffer bytes(int input) {
        if (input == 0) {
            return states.bytes(0, count);
        }
        long at = 0;
        for (int k = 1; k < input; k++) {
            at += HostBytes.aligned((long) capacity * tensors.inputs().get(k).bytes());
        }
        return others.view(at, (long) count * tensors.inputs().get(input).bytes());
    }

    /** The bytes of the predictions. */
    ByteBuffer prediction() {
        return predictions.bytes(0, count);
    }

    /**
     * Evaluates them.
     *
     * @throws IllegalArgumentException if the model does not take a value; the message names it
     */
    void evaluate(PretrainedDenoiser model, BooleanSupplier unwanted) {
        FloatBuffer times = bytes(1).order(ByteOrder.nativeOrder()).asFloatBuffer();
        batch.begin(states, 0, predictions, 0);
        for (int i = 0; i < count; i++) {
            // A model is told the time alone.
            NoiseLevel level = new NoiseLevel(times.get(i), 1, 1);
            model.requireLegal(level);
            batch.add(level, condition(i));
        }
        batch.unwantedWhen(unwanted);
        batch.evaluateBy(model);
    }

    private Condition condition(int row) {
        List<ModelInput> inputs = card.inputs();
        if (inputs.isEmpty()) {
            return Condition.none();
        }
        Map<String, TensorValue> values = new HashMap<>();
        for (int k = 0; k < inputs.size(); k++) {
            values.put(inputs.get(k).name(), value(inputs.get(k), bytes(2 + k), row));
        }
        return Condition.tensors(values);
    }

    private static TensorValue value(ModelInput input, ByteBuffer bytes, int row) {
        int length = input.values();
        int[] shape = input.shape().stream().mapToInt(Integer::intValue).toArray();
        ByteBuffer ordered = bytes.order(ByteOrder.nativeOrder());
        if (input.type() == ModelInput.Type.INT64) {
            LongBuffer from = ordered.asLongBuffer();
            long[] values = new long[length];
            from.get(row * length, values);
            return TensorValue.of(values, shape);
        }
        FloatBuffer from = ordered.asFloatBuffer();
        float[] values = new float[length];
        from.get(row * length, values);
        return TensorValue.of(values, shape);
    }

    @Override
    public void close() {
        states.close();
        predictions.close();
        others.close();
    }
}
