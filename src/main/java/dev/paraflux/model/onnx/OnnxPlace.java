package dev.paraflux.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;

/** The tensors of states and predictions that lie somewhere, and all that a run there takes. Their memory is the caller's. */
final class OnnxPlace implements AutoCloseable {
    private final long statesAt;
    private final long predictionsAt;
    private final OnnxTensor states;
    private final OnnxTensor predictions;
    final Map<String, OnnxTensor> given;
    final Map<String, OnnxTensor> asked;
    /** When it was used last: larger is later. */
    long used;

    /** @param others what is given besides, by name */
    OnnxPlace(OnnxSession session, long statesAt, long predictionsAt, long[] shape, Map<String, OnnxTensor> others)
            throws OrtException {
        this.statesAt = statesAt;
        this.predictionsAt = predictionsAt;
        states = OnnxTensor.createTensor(OnnxLibrary.environment(), values(statesAt, shape), shape);
        try {
            predictions = OnnxTensor.createTensor(OnnxLibrary.environment(), values(predictionsAt, shape), shape);
        } catch (OrtException | RuntimeException | Error e) {
            states.close();
            throw e;
        }
        given = new LinkedHashMap<>(others);
        given.put(session.xName(), states);
        asked = Map.of(session.outputName(), predictions);
    }

    private static FloatBuffer values(long at, long[] shape) {
        long bytes = Float.BYTES;
        for (long size : shape) {
            bytes *= size;
        }
        return new Address(at, bytes).asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    boolean isAt(long statesWanted, long predictionsWanted) {
        return statesAt == statesWanted && predictionsAt == predictionsWanted;
    }

    @Override
    public void close() {
        states.close();
        predictions.close();
    }

    private static final class Address extends BytePointer {
        Address(long value, long bytes) {
            address = value;
            capacity(bytes);
        }
    }
}
