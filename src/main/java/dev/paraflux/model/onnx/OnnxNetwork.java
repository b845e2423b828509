package dev.paraflux.model.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.platform.Fp16Conversions;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.LoadedNetwork;
import dev.paraflux.model.pretrained.NetworkAnswer;
import dev.paraflux.model.pretrained.RefusedCall;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Any graph in a session of ONNX Runtime. What it takes in other types, float16 or int32, is turned into them. */
final class OnnxNetwork implements LoadedNetwork {
    private final OrtSession session;
    private final List<String> inputs;

    private OnnxNetwork(OrtSession session) {
        this.session = session;
        inputs = List.copyOf(session.getInputNames());
    }

    /**
     * Loads a file.
     *
     * @throws IOException if a file is missing or damaged, or ONNX Runtime cannot run the graph
     */
    static OnnxNetwork load(Path file, LoadOptions options) throws IOException {
        Path folder;
        try (OnnxGraph graph = OnnxGraph.read(file)) {
            // Nothing is read from elsewhere than the model's own folder.
            folder = ExternalWeights.of(graph).folder();
        }
        OnnxTarget target = OnnxTarget.host(options.threads());
        try (SessionOptions settings = target.options(folder)) {
            return new OnnxNetwork(OnnxLibrary.environment().createSession(file.toString(), settings));
        } catch (OrtException e) {
            throw OnnxWords.refusal(file, target, e);
        }
    }

    @Override
    public List<String> inputs() {
        return inputs;
    }

    @Override
    public Map<String, TensorValue> run(Map<String, TensorValue> given) {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, TensorValue> one : given.entrySet()) {
                tensors.put(one.getKey(), tensor(one.getKey(), one.getValue()));
            }
            try (OrtSession.Result result = session.run(tensors)) {
                Map<String, TensorValue> answers = new LinkedHashMap<>();
                for (Map.Entry<String, OnnxValue> one : result) {
                    if (one.getValue() instanceof OnnxTensor tensor && isFloating(tensor.getInfo().type)) {
                        answers.put(one.getKey(), value(one.getKey(), tensor));
                    }
                }
                return answers;
            }
        } catch (OrtException e) {
            throw RefusedCall.failed(OnnxWords.of(e), OnnxWords.told(e));
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(String name, TensorValue value) throws OrtException {
        NodeInfo declared = session.getInputInfo().get(name);
        OnnxJavaType type = declared.getInfo() instanceof TensorInfo info ? info.type : OnnxJavaType.UNKNOWN;
        long[] shape = Arrays.stream(value.shape()).asLongStream().toArray();
        if (value.isWhole() && type == OnnxJavaType.INT64) {
            return OnnxTensor.createTensor(OnnxLibrary.environment(), LongBuffer.wrap(value.longs()), shape);
        }
        if (value.isWhole() && type == OnnxJavaType.INT32) {
            int[] narrow = Arrays.stream(value.longs()).mapToInt(one -> narrow(name, one)).toArray();
            return OnnxTensor.createTensor(OnnxLibrary.environment(), IntBuffer.wrap(narrow), shape);
        }
        if (!value.isWhole() && (type == OnnxJavaType.FLOAT || type == OnnxJavaType.FLOAT16)) {
            FloatBuffer floats = FloatBuffer.wrap(value.floats());
            return type == OnnxJavaType.FLOAT ? OnnxTensor.createTensor(OnnxLibrary.environment(), floats, shape)
                    : OnnxTensor.createTensor(OnnxLibrary.environment(),
                            Fp16Conversions.convertFloatBufferToFp16Buffer(floats), shape, OnnxJavaType.FLOAT16);
        }
        throw RefusedCall.failed("it takes " + name + " as " + declared.getInfo() + ", and is given " + value, null);
    }

    private static int narrow(String name, long value) {
        if (value != (int) value) {
            throw RefusedCall.failed("it takes " + name + " as int32, and is given " + value, null);
        }
        return (int) value;
    }

    private static boolean isFloating(OnnxJavaType type) {
        return type == OnnxJavaType.FLOAT || type == OnnxJavaType.FLOAT16 || type == OnnxJavaType.BFLOAT16;
    }

    /** ONNX Runtime's Java turns halves into floats. */
    private static TensorValue value(String name, OnnxTensor tensor) {
        long[] shape = tensor.getInfo().getShape();
        float[] values = new float[NetworkAnswer.values(name, shape)];
        tensor.getFloatBuffer().get(values);
        return NetworkAnswer.of(name, values, shape);
    }

    @Override
    public void close() {
        OnnxSession.close(session);
    }
}
