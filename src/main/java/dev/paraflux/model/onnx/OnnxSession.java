package dev.paraflux.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.paraflux.device.HostBytes;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/** A session of ONNX Runtime over an edited graph, and what its inputs are called there. Runs of it may overlap. */
final class OnnxSession implements AutoCloseable {
    private final OrtSession session;
    private final GraphEdit edit;
    private final ModelCard card;
    private final GraphValue time;
    private final TimeForm form;
    private final OnnxTarget target;

    private OnnxSession(OrtSession session, GraphEdit edit, ModelCard card, GraphValue time, TimeForm form,
            OnnxTarget target) {
        this.session = session;
        this.edit = edit;
        this.card = card;
        this.time = time;
        this.form = form;
        this.target = target;
    }

    /**
     * Opens one.
     *
     * @param target where it works
     * @throws OrtException if it cannot run the graph
     */
    static OnnxSession open(OnnxGraph graph, ModelCard card, ExternalWeights weights, TimePath path, TimeForm form,
            OnnxTarget target)
            throws OrtException, IOException {
        GraphEdit edit = new GraphEdit(graph, card, weights, path, form);
        try (HostBytes bytes = edit.write(); SessionOptions options = target.options(weights.folder())) {
            OrtSession session = OnnxLibrary.environment().createSession(bytes.view(0, edit.bytes()), options);
            return new OnnxSession(session, edit, card, graph.input(card.t()), form, target);
        }
    }

    String xName() {
        return edit.nameOf(card.x());
    }

    String outputName() {
        return edit.outputName();
    }

    /** What an input of the card is called. */
    String nameOf(String input) {
        return edit.nameOf(input);
    }

    /** The tensor of the times of as many rows as there are values, over them. */
    OnnxTensor times(FloatBuffer values, int rows) throws OrtException {
        long[] shape = form.shape(time, rows);
        int count = shape.length == 0 ? 1 : (int) shape[0];
        return OnnxTensor.createTensor(OnnxLibrary.environment(), values.slice(0, count), shape);
    }

    /** Where it works. */
    OnnxTarget target() {
        return target;
    }

    TimeForm form() {
        return form;
    }

    OrtSession.Result run(Map<String, OnnxTensor> given) throws OrtException {
        return session.run(given);
    }

    /** Into tensors that are the caller's. */
    void run(Map<String, OnnxTensor> given, Map<String, OnnxTensor> asked, RunOptions options) throws OrtException {
        session.run(given, Set.of(), asked, options).close();
    }

    /** Frees any session. */
    static void close(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            throw OnnxWords.told(e);
        }
    }

    @Override
    public void close() {
        close(session);
    }
}
