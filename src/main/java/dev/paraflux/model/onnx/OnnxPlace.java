package dev.paraflux.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.paraflux.model.pretrained.KeptPlaces;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;

/** The tensors of states and predictions that lie somewhere, and all that a run there takes. Their memory is the caller's. */
final class OnnxPlace implements KeptPlaces.Place {
    private final OnnxTensor states;
    private final OnnxTensor predictions;
    private final Map<String, OnnxTensor> given;
    private final Map<String, OnnxTensor> asked;

    /** @param others what is given besides, by name */
    OnnxPlace(OnnxSession session, long statesAt, long predictionsAt, long[] shape, Map<String, OnnxTensor> others)
            throws OrtException {
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
        long bytes = (long) Float.BYTES * OnnxShapes.values(shape);
        return new Address(at, bytes).asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /** All inputs, by name. */
    Map<String, OnnxTensor> given() {
        return given;
    }

    /** Where the prediction goes, by the output's name. */
    Map<String, OnnxTensor> asked() {
        return asked;
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
