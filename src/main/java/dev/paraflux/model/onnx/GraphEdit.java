package dev.paraflux.model.onnx;

import dev.paraflux.device.HostBytes;
import dev.paraflux.model.onnx.GraphValue.Size;
import dev.paraflux.model.onnx.ProtoMessage.Field;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph with other inputs and outputs: float32 and int64 where it has narrower numbers, which nodes that cast turn into
 * its own, and a time of each row where it can take one. Everything else is as it stands in the file.
 */
final class GraphEdit {
    private static final String GIVEN = "paraflux/given/";
    private static final String ASKED = "paraflux/asked/";
    private static final String JOINED = "paraflux/joined/";
    private static final List<Size> EACH_ROW = List.of(Size.named("paraflux/rows"));

    private final OnnxGraph graph;
    private final ExternalWeights weights;
    /** By the names that the file has. */
    private final Map<String, GraphValue> inputs = new HashMap<>();
    private final List<ProtoWriter> before = new ArrayList<>();
    /** Inputs that the file does not have. */
    private final List<GraphValue> added = new ArrayList<>();
    private final Set<GraphNode> passed;
    private final boolean reshaped;
    private long bytes;

    /** @param path of its time */
    GraphEdit(OnnxGraph graph, ModelCard card, ExternalWeights weights, TimePath path, TimeForm form) {
        this.graph = graph;
        this.weights = weights;
        if (card.joined().isEmpty()) {
            take(graph.input(card.x()), ElementType.FLOAT32, true);
        } else {
            join(graph.input(card.x()), card);
        }
        for (ModelInput input : card.unjoined()) {
            take(graph.input(input.name()), input.type() == ModelInput.Type.FLOAT32 ? ElementType.FLOAT32
                    : ElementType.INT64, true);
        }
        GraphValue time = graph.input(card.t());
        reshaped = form.given() == TimeForm.Given.EACH && (time.sizes() == null || time.sizes().size() < 2);
        take(reshaped ? time.of(EACH_ROW) : time, ElementType.FLOAT32, form.cast());
        passed = path.inTheWay(form);
    }

    private void take(GraphValue declared, ElementType given, boolean cast) {
        if (declared.type() == given || !cast) {
            inputs.put(declared.name(), declared.as(declared.name(), given));
        } else {
            inputs.put(declared.name(), declared.as(GIVEN + declared.name(), given));
            before.add(GraphNode.cast(GIVEN + declared.name(), declared.name(), declared.type()));
        }
    }

    /** x is put together of the sample and what is joined to it. */
    private void join(GraphValue x, ModelCard card) {
        List<String> parts = new ArrayList<>();
        inputs.put(x.name(), part(x, x.name(), card.shape().get(0), parts));
        for (ModelInput input : card.joined()) {
            GraphValue more = part(x, input.name(), input.shape().get(0), parts);
            inputs.put(input.name(), more);
            added.add(more);
        }
        boolean cast = x.type() != ElementType.FLOAT32;
        before.add(GraphNode.joined(cast ? JOINED + x.name() : x.name(), parts));
        if (cast) {
            before.add(GraphNode.cast(JOINED + x.name(), x.name(), x.type()));
        }
    }

    private static GraphValue part(GraphValue x, String name, int channels, List<String> parts) {
        parts.add(GIVEN + name);
        GraphValue declared = x.as(GIVEN + name, ElementType.FLOAT32);
        if (x.sizes() == null) {
            return declared;
        }
        List<Size> sizes = new ArrayList<>(x.sizes());
        sizes.set(1, new Size(channels, ""));
        return declared.of(sizes);
    }

    /** What an input has to be given as. */
    String nameOf(String input) {
        return inputs.get(input).name();
    }

    /** What the first output is asked for as. */
    String outputName() {
        return isPassedOn() ? ASKED + graph.output().name() : graph.output().name();
    }

    /** Whether the output goes through a node of ours: to become float32, or since ONNX Runtime writes no input out. */
    private boolean isPassedOn() {
        return graph.output().type() != ElementType.FLOAT32 || graph.isGiven(graph.output().name());
    }

    /** How many bytes were written. */
    long bytes() {
        return bytes;
    }

    /** Writes it outside the Java heap, for the caller to free. */
    HostBytes write() throws IOException {
        ProtoWriter edited = new ProtoWriter();
        for (Field field : graph.graph().fields()) {
            switch (field.number()) {
                case OnnxGraph.NODE -> {
                    // What is cast has to be there first.
                    before.forEach(node -> edited.message(OnnxGraph.NODE, node));
                    before.clear();
                    writeNode(edited, field);
                }
                case OnnxGraph.INITIALIZER -> weights.write(edited, field);
                case OnnxGraph.INPUT -> writeInput(edited, field);
                // The first is the prediction; nobody asks for others.
                case OnnxGraph.OUTPUT -> {
                }
                // It tells shapes which are others now.
                case OnnxGraph.VALUE_INFO -> keep(edited, field, !reshaped);
                default -> edited.field(field);
            }
        }
        before.forEach(node -> edited.message(OnnxGraph.NODE, node));
        added.forEach(input -> edited.message(OnnxGraph.INPUT, input.write()));
        GraphValue output = graph.output();
        if (isPassedOn()) {
            edited.message(OnnxGraph.NODE, GraphNode.cast(output.name(), outputName(), ElementType.FLOAT32));
        }
        edited.message(OnnxGraph.OUTPUT, output.as(outputName(), ElementType.FLOAT32).write());
        return written(edited);
    }

    private void writeNode(ProtoWriter edited, Field field) {
        for (GraphNode node : passed) {
            if (node.field() == field) {
                edited.message(OnnxGraph.NODE, node.identity());
                return;
            }
        }
        edited.field(field);
    }

    private void writeInput(ProtoWriter edited, Field field) throws IOException {
        GraphValue given = inputs.get(GraphValue.read(field.message()).name());
        if (given == null) {
            edited.field(field);
        } else {
            edited.message(OnnxGraph.INPUT, given.write());
        }
    }

    private static void keep(ProtoWriter edited, Field field, boolean kept) {
        if (kept) {
            edited.field(field);
        }
    }

    private HostBytes written(ProtoWriter edited) throws IOException {
        ProtoWriter model = new ProtoWriter();
        for (Field field : graph.model().fields()) {
            if (field.number() == OnnxGraph.GRAPH) {
                model.message(OnnxGraph.GRAPH, edited);
            } else {
                model.field(field);
            }
        }
        if (model.size() > Integer.MAX_VALUE) {
            throw new IOException(
                    "model file " + graph.file() + " is too large to be given float32 rows: export it with its"
                            + " weights in a file beside it");
        }
        bytes = model.size();
        HostBytes memory = new HostBytes(bytes, "model file " + graph.file());
        try {
            model.writeTo(memory.view(0, bytes));
            return memory;
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }
}
