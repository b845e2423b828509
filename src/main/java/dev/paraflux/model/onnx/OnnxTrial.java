package dev.paraflux.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A graph of four numbers, a convolution and a product of matrices, that is tried where models are to work: what fails there is
 * no fault of a model.
 */
final class OnnxTrial {
    private static final long[] SHAPE = {1, 1, 2, 2};
    private static final float[] GIVEN = {1, 2, 3, 4};
    /** The square of twice the matrix that is given. */
    private static final float[] ANSWER = {28, 40, 60, 88};
    private static final int IR_VERSION = 8;
    private static final int OPSET = 13;

    private OnnxTrial() {}

    /** Why the graph cannot be run by a target, in words; empty if it can, and its answer is right. */
    static String refusal(OnnxTarget target) {
        return OnnxLibrary.inRoom(() -> {
            try {
                float[] answer = run(target);
                return Arrays.equals(ANSWER, answer) ? ""
                        : target + " calculates wrong: " + Arrays.toString(answer) + " instead of "
                                + Arrays.toString(ANSWER);
            } catch (OrtException e) {
                return target + " fails: " + OnnxWords.of(e);
            }
        });
    }

    private static float[] run(OnnxTarget target) throws OrtException {
        try (SessionOptions options = target.options(null)) {
            if (!target.isHost()) {
                // It must not be the CPU that is right.
                options.addConfigEntry("session.disable_cpu_ep_fallback", "1");
            }
            try (OrtSession session = OnnxLibrary.environment().createSession(graph(), options);
                    OnnxTensor x = tensor(GIVEN, SHAPE);
                    OnnxTensor weight = tensor(new float[] {2}, new long[] {1, 1, 1, 1});
                    OrtSession.Result result = session.run(Map.of("x", x, "weight", weight))) {
                float[] answer = new float[GIVEN.length];
                ((OnnxTensor) result.get(0)).getFloatBuffer().get(answer);
                return answer;
            }
        }
    }

    private static OnnxTensor tensor(float[] values, long[] shape) throws OrtException {
        return OnnxTensor.createTensor(OnnxLibrary.environment(), FloatBuffer.wrap(values), shape);
    }

    private static byte[] graph() {
        ProtoWriter graph = new ProtoWriter()
                .message(OnnxGraph.NODE, GraphNode.of("Conv", "twice", "x", "weight"))
                .message(OnnxGraph.NODE, GraphNode.of("MatMul", "y", "twice", "twice")).text(2, "trial")
                .message(OnnxGraph.INPUT, value("x", 1, 1, 2, 2)).message(OnnxGraph.INPUT, value("weight", 1, 1, 1, 1))
                .message(OnnxGraph.OUTPUT, value("y", 1, 1, 2, 2));
        ProtoWriter model = new ProtoWriter().number(1, IR_VERSION).message(OnnxGraph.GRAPH, graph).message(8,
                new ProtoWriter().text(1, "").number(2, OPSET));
        byte[] bytes = new byte[Math.toIntExact(model.size())];
        model.writeTo(ByteBuffer.wrap(bytes));
        return bytes;
    }

    private static ProtoWriter value(String name, Integer... sizes) {
        return new GraphValue(name, ElementType.FLOAT32,
                List.of(sizes).stream().map(size -> new GraphValue.Size(size, "")).toList()).write();
    }
}
