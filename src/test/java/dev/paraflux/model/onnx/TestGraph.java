package dev.paraflux.model.onnx;

import dev.paraflux.json.JsonFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.SchedulerConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Writes small ONNX files node by node. Rows are [2, 3]. */
final class TestGraph {
    static final List<Integer> SHAPE = List.of(2, 3);
    private static final int OPSET = 18;

    private final List<ProtoWriter> nodes = new ArrayList<>();
    private final List<ProtoWriter> weights = new ArrayList<>();
    private final List<ProtoWriter> inputs = new ArrayList<>();
    private final List<ProtoWriter> outputs = new ArrayList<>();

    /** A graph of x and nothing else yet. */
    static TestGraph ofRows() {
        return new TestGraph().input("x", ElementType.FLOAT32, "n", 2, 3);
    }

    /** 0.5 x + 0.001 t: {@code scaled} is what is added to x, [n, 1, 1] or what spreads to it. */
    TestGraph answering(String scaled) {
        return floats("half", 0.5f).floats("thousandth", 0.001f).node("Mul", "h", "x", "half")
                .node("Mul", "s", scaled, "thousandth").node("Add", "y", "h", "s")
                .output("y", ElementType.FLOAT32, "n", 2, 3);
    }

    /** One time of each row. */
    static TestGraph plain() {
        return ofRows().input("t", ElementType.FLOAT32, "n").axes("axes", 1, 2).node("Unsqueeze", "t3", "t", "axes")
                .answering("t3");
    }

    /** The same plus a label. */
    static TestGraph labelled(ElementType type) {
        return ofRows().input("t", ElementType.FLOAT32, "n").input("label", type, "n").axes("axes", 1, 2)
                .node("Unsqueeze", "t3", "t", "axes").cast("l", "label", ElementType.FLOAT32)
                .node("Unsqueeze", "l3", "l", "axes").floats("thousand", 1000).node("Mul", "lt", "l3", "thousand")
                .node("Add", "both", "t3", "lt").answering("both");
    }

    /** {@link #plain} after as many turns of a loop as the largest value of x says. */
    static TestGraph looping() {
        ProtoWriter body = new ProtoWriter()
                .message(1, new ProtoWriter().text(1, "go").text(2, "on").text(4, "Identity"))
                .message(1, new ProtoWriter().text(1, "before").text(2, "after").text(4, "Identity")).text(2, "body");
        List.of(value("turn", ElementType.INT64), value("go", ElementType.BOOL),
                value("before", ElementType.FLOAT32, "n", 2, 3)).forEach(input -> body.message(11, input.write()));
        List.of(value("on", ElementType.BOOL), value("after", ElementType.FLOAT32, "n", 2, 3))
                .forEach(output -> body.message(12, output.write()));
        TestGraph graph = plain().node("ReduceMax", "most", "x").node("Squeeze", "number", "most").cast("turns",
                "number", ElementType.INT64);
        graph.nodes.add(new ProtoWriter().text(1, "turns").text(1, "").text(1, "y").text(2, "z").text(4, "Loop")
                .message(5, new ProtoWriter().text(1, "body").message(6, body).number(20, 5)));
        graph.outputs.clear();
        return graph.output("z", ElementType.FLOAT32, "n", 2, 3);
    }

    /** The product of x with a matrix [3, 3], whatever the time. */
    TestGraph multiplied(float... matrix) {
        return input("t", ElementType.FLOAT32, "n").floats("values", matrix).axes("square", 3, 3)
                .node("Reshape", "matrix", "values", "square").node("MatMul", "y", "x", "matrix")
                .output("y", ElementType.FLOAT32, "n", 2, 3);
    }

    /** x, after as many products with the identity as its input {@code turns}, int64 of one row, says. */
    static TestGraph turning() {
        ProtoWriter body = new ProtoWriter().message(1, GraphNode.of("Identity", "on", "go"))
                .message(1, GraphNode.of("MatMul", "after", "before", "matrix")).text(2, "body");
        List.of(value("turn", ElementType.INT64), value("go", ElementType.BOOL),
                value("before", ElementType.FLOAT32, "n", 2, 3)).forEach(input -> body.message(11, input.write()));
        List.of(value("on", ElementType.BOOL), value("after", ElementType.FLOAT32, "n", 2, 3))
                .forEach(output -> body.message(12, output.write()));
        TestGraph graph = ofRows().input("turns", ElementType.INT64, "n").multiplied(1, 0, 0, 0, 1, 0, 0, 0, 1);
        graph.nodes.add(GraphNode.of("Loop", "z", "turns", "", "x").message(5,
                new ProtoWriter().text(1, "body").message(6, body).number(20, 5)));
        graph.outputs.clear();
        return graph.output("z", ElementType.FLOAT32, "n", 2, 3);
    }

    /** One number for all rows, as it is. */
    static TestGraph ofOneTime() {
        return ofRows().input("t", ElementType.FLOAT32).answering("t");
    }

    private static GraphValue value(String name, ElementType type, Object... sizes) {
        List<GraphValue.Size> all = new ArrayList<>();
        for (Object size : sizes) {
            all.add(size instanceof Integer number ? new GraphValue.Size(number, "")
                    : GraphValue.Size.named((String) size));
        }
        return new GraphValue(name, type, all);
    }

    TestGraph input(String name, ElementType type, Object... sizes) {
        inputs.add(value(name, type, sizes).write());
        return this;
    }

    TestGraph output(String name, ElementType type, Object... sizes) {
        outputs.add(value(name, type, sizes).write());
        return this;
    }

    TestGraph node(String kind, String output, String... from) {
        ProtoWriter node = new ProtoWriter();
        for (String one : from) {
            node.text(1, one);
        }
        nodes.add(node.text(2, output).text(4, kind));
        return this;
    }

    TestGraph cast(String output, String from, ElementType type) {
        nodes.add(GraphNode.cast(from, output, type));
        return this;
    }

    TestGraph floats(String name, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        ProtoWriter tensor = new ProtoWriter();
        if (values.length > 1) {
            tensor.number(1, values.length);
        }
        weights.add(tensor.number(2, ElementType.FLOAT32.code()).text(8, name).bytes(9, bytes.flip()));
        return this;
    }

    TestGraph axes(String name, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        weights.add(new ProtoWriter().number(1, values.length).number(2, ElementType.INT64.code()).text(8, name)
                .bytes(9, bytes.flip()));
        return this;
    }

    /** Numbers that lie in a file; what is not given is left out. */
    TestGraph elsewhere(String name, int count, Map<String, String> place) {
        ProtoWriter tensor = new ProtoWriter().number(1, count).number(2, ElementType.FLOAT32.code()).text(8, name);
        place.forEach((key, value) -> tensor.message(13, new ProtoWriter().text(1, key).text(2, value)));
        weights.add(tensor.number(14, 1));
        return this;
    }

    byte[] bytes() {
        ProtoWriter graph = new ProtoWriter();
        nodes.forEach(node -> graph.message(1, node));
        graph.text(2, "test");
        weights.forEach(tensor -> graph.message(5, tensor));
        inputs.forEach(input -> graph.message(11, input));
        outputs.forEach(output -> graph.message(12, output));
        ProtoWriter model = new ProtoWriter().number(1, 8).message(7, graph).message(8,
                new ProtoWriter().number(2, OPSET));
        ByteBuffer bytes = ByteBuffer.allocate((int) model.size());
        model.writeTo(bytes);
        return bytes.array();
    }

    Path write(Path folder) throws IOException {
        return Files.write(folder.resolve("test.onnx"), bytes());
    }

    PretrainedDenoiser load(Path folder, ModelInput... named) throws IOException {
        return loaded(write(folder), named);
    }

    static PretrainedDenoiser loaded(Path file, ModelInput... named) throws IOException {
        return PretrainedDenoiser.load(new OnnxBackend(), file, card(named), LoadOptions.DEFAULT);
    }

    static ModelCard card(ModelInput... named) {
        return new ModelCard("test", SHAPE, "x", "t", List.of(named), 1,
                SchedulerConfig.parse(JsonFile.of(Map.of("beta_schedule", "linear"), "scheduler")));
    }

    /** 3 classes; label 3 is the null label. */
    static ModelInput label() {
        return ModelInput.label(3, OptionalInt.of(3));
    }
}
