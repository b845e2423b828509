package dev.paraflux.model.onnx;

import dev.paraflux.check.Reason;
import dev.paraflux.device.HostBytes;
import dev.paraflux.model.onnx.ProtoMessage.Field;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** An ONNX file in memory outside the Java heap, as far as one must know it before ONNX Runtime does. */
final class OnnxGraph implements AutoCloseable {
    /** Fields of a {@code ModelProto}. */
    static final int GRAPH = 7;
    /** Fields of a {@code GraphProto}. */
    static final int NODE = 1;
    static final int INITIALIZER = 5;
    static final int INPUT = 11;
    static final int OUTPUT = 12;
    static final int VALUE_INFO = 13;

    private static final int TENSOR_NAME = 8;

    private final Path file;
    private final HostBytes memory;
    private final ProtoMessage model;
    private final ProtoMessage graph;
    private final List<GraphValue> inputs = new ArrayList<>();
    private final List<GraphNode> nodes = new ArrayList<>();
    private final Set<String> weights = new HashSet<>();
    private final GraphValue output;

    private OnnxGraph(Path file, HostBytes memory, ByteBuffer bytes) throws IOException {
        this.file = file;
        this.memory = memory;
        model = ProtoMessage.read(bytes);
        BrokenMessage.unless(model.all(GRAPH).count() == 1, "it has no graph");
        graph = model.message(GRAPH);
        GraphFunctions.check(model, graph);
        for (Field initializer : graph.all(INITIALIZER).toList()) {
            weights.add(initializer.message().text(TENSOR_NAME));
        }
        for (Field input : graph.all(INPUT).toList()) {
            GraphValue value = GraphValue.read(input.message());
            // Old files name their weights among the inputs.
            if (!weights.contains(value.name())) {
                inputs.add(value);
            }
        }
        for (Field node : graph.all(NODE).toList()) {
            nodes.add(GraphNode.read(node));
        }
        List<Field> outputs = graph.all(OUTPUT).toList();
        BrokenMessage.unless(!outputs.isEmpty(), "its graph has no output");
        output = GraphValue.read(outputs.get(0).message());
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read; a {@link BrokenMessage} if it is damaged
     */
    static OnnxGraph read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long bytes = channel.size();
            BrokenMessage.unless(bytes > 0, "it is empty");
            BrokenMessage.unless(bytes <= Integer.MAX_VALUE,
                    "it has more than 2 GB, which no ONNX file can have: weights of"
                            + " such a model lie in a file beside it");
            HostBytes memory = new HostBytes(bytes, "model file " + file);
            try {
                return new OnnxGraph(file, memory, filled(memory.view(0, bytes), channel));
            } catch (IOException | RuntimeException | Error e) {
                memory.close();
                throw e;
            }
        } catch (FileSystemException e) {
            throw new IOException("model file " + file + " cannot be read: " + Reason.of(e), e);
        }
    }

    private static ByteBuffer filled(ByteBuffer view, FileChannel channel) throws IOException {
        while (view.hasRemaining()) {
            BrokenMessage.unless(channel.read(view) >= 0, "it ends too early");
        }
        return view.flip();
    }

    Path file() {
        return file;
    }

    ProtoMessage model() {
        return model;
    }

    ProtoMessage graph() {
        return graph;
    }

    /** What has to be given to it, in its order. */
    List<GraphValue> inputs() {
        return inputs;
    }

    /** What it calculates, in its order: an output of a node stands behind it. */
    List<GraphNode> nodes() {
        return nodes;
    }

    /** The first of its outputs. */
    GraphValue output() {
        return output;
    }

    /** Whether a value is given to it, or lies in the file: no node calculates it. */
    boolean isGiven(String name) {
        return weights.contains(name) || input(name) != null;
    }

    /** An input; null if it has none of that name. */
    GraphValue input(String name) {
        return inputs.stream().filter(input -> input.name().equals(name)).findFirst().orElse(null);
    }

    /** What it takes, in words. */
    String words() {
        return inputs.stream().map(GraphValue::toString).collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        memory.close();
    }
}
