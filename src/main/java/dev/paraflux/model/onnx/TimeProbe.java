package dev.paraflux.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.paraflux.model.Precision;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelInput;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Tries whether a graph takes a time of each row: rows at two times together are what they are when all have the one time,
 * or the other. What a graph declares does not tell: one that names its times' number can take one for all the same.
 */
final class TimeProbe {
    /** Of the difference that the times make. */
    private static final double MOST = 0.01;
    /** Of the largest value, in roundings. */
    private static final double ROUNDINGS = 16;

    private final OnnxSession session;
    private final ModelCard card;
    private final int rows;
    private final float[] states;

    /** @param rows of a run, as many as the graph wants */
    TimeProbe(OnnxSession session, ModelCard card, int rows) {
        this.session = session;
        this.card = card;
        this.rows = rows;
        Random random = new Random(1);
        states = new float[OnnxShapes.values(OnnxShapes.of(rows, card.shape()))];
        for (int i = 0; i < states.length; i++) {
            states[i] = (float) random.nextGaussian();
        }
    }

    /**
     * Whether times can be given as they are meant to be.
     *
     * @throws OrtException if it does not take them at all
     */
    boolean holds(Precision precision) throws OrtException {
        float late = lastStep();
        float early = (float) Math.rint(late / 4);
        float[] allLate = run(late, late);
        if (session.form().given() != TimeForm.Given.EACH || rows == 1) {
            return true;
        }
        float[] allEarly = run(early, early);
        float[] mixed = run(early, late);
        if (allEarly.length != states.length || mixed.length != states.length || allLate.length != states.length) {
            // It says so itself when it is asked to write into rows.
            return true;
        }
        double largest = 0;
        double between = 0;
        double off = 0;
        int length = states.length / rows;
        for (int i = 0; i < mixed.length; i++) {
            float alone = i / length % 2 == 0 ? allEarly[i] : allLate[i];
            // What is not finite is told of when a run meets it.
            if (Float.isFinite(mixed[i]) || Float.isFinite(alone)) {
                largest = Math.max(largest, Math.abs(mixed[i]));
                off = Math.max(off, Math.abs(mixed[i] - alone));
            }
            if (Float.isFinite(allLate[i]) && Float.isFinite(allEarly[i])) {
                between = Math.max(between, Math.abs(allLate[i] - allEarly[i]));
            }
        }
        return off <= MOST * between + ROUNDINGS * precision.rounding() * largest;
    }

    private float lastStep() {
        return card.scheduler().toMap().get("num_train_timesteps") instanceof Integer steps ? Math.max(1, steps - 1)
                : 999;
    }

    /** The predictions of rows which stand at two times in turn. */
    private float[] run(float even, float odd) throws OrtException {
        float[] times = new float[rows];
        for (int i = 0; i < rows; i++) {
            times[i] = i % 2 == 0 ? even : odd;
        }
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        try {
            given.put(session.xName(), OnnxTensor.createTensor(OnnxLibrary.environment(), FloatBuffer.wrap(states),
                    OnnxShapes.of(rows, card.shape())));
            given.put(session.nameOf(card.t()), session.times(FloatBuffer.wrap(times), rows));
            for (ModelInput input : card.inputs()) {
                given.put(session.nameOf(input.name()), idle(input));
            }
            try (OrtSession.Result answer = session.run(given)) {
                FloatBuffer values = ((OnnxTensor) answer.get(0)).getFloatBuffer();
                float[] copy = new float[values.remaining()];
                values.get(copy);
                return copy;
            }
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor idle(ModelInput input) throws OrtException {
        long[] shape = OnnxShapes.of(rows, input.shape());
        if (input.type() == ModelInput.Type.INT64) {
            return OnnxTensor.createTensor(OnnxLibrary.environment(), LongBuffer.allocate(OnnxShapes.values(shape)),
                    shape);
        }
        float[] values = new float[OnnxShapes.values(shape)];
        Arrays.fill(values, 0.3f);
        return OnnxTensor.createTensor(OnnxLibrary.environment(), FloatBuffer.wrap(values), shape);
    }
}
