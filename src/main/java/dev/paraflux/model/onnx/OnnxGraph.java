package dev.paraflux.model.onnx;

import dev.paraflux.check.Reason;
import dev.paraflux.device.HostBytes;
import dev.paraflux.model.onnx.ProtoMessage.Field;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
    private final GraphValue output;

    private OnnxGraph(Path file, HostBytes memory, ByteBuffer bytes) throws IOException {
        this.file = file;
        this.memory = memory;
        model = ProtoMessage.read(bytes);
        require(model.all(GRAPH).count() == 1, "it has no graph");
        graph = model.message(GRAPH);
        Set<String> weights = new HashSet<>();
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
        require(!outputs.isEmpty(), "its graph has no output");
        output = GraphValue.read(outputs.get(0).message());
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read, or is damaged
     */
    static OnnxGraph read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long bytes = channel.size();
            require(bytes > 0, "it is empty");
            require(bytes <= Integer.MAX_VALUE, "it has more than 2 GB, which no ONNX file can have: weights of such a"
                    + " model lie in a file beside it");
            HostBytes memory = new HostBytes(bytes, "model file " + file);
            try {
                ByteBuffer view = memory.view(0, bytes);
                while (view.hasRemaining()) {
                    if (channel.read(view) < 0) {
                        throw new EOFException("it ends too early");
                    }
                }
                return new OnnxGraph(file, memory, view.flip());
            } catch (IOException | RuntimeException | Error e) {
                memory.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IOException("model file " + file + " is damaged: " + Reason.of(e)
                    + "; copy or download it again", e);
        }
    }

    static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
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
