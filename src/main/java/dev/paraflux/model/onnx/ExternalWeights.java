package dev.paraflux.model.onnx;

import dev.paraflux.model.onnx.ProtoMessage.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files beside a graph that its larger weights lie in, found wherever a tensor can stand. */
final class ExternalWeights {
    /** Graphs in graphs, which protocol buffers themselves allow no more of. */
    private static final int MOST_DEPTH = 100;

    private static final int GRAPH_SPARSE = 15;
    private static final int SPARSE_VALUES = 1;
    private static final int SPARSE_INDICES = 2;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int ATTRIBUTE_TENSOR = 5;
    private static final int ATTRIBUTE_GRAPH = 6;
    private static final int ATTRIBUTE_TENSORS = 10;
    private static final int ATTRIBUTE_GRAPHS = 11;
    private static final int ATTRIBUTE_SPARSE = 22;
    private static final int ATTRIBUTE_SPARSES = 23;
    private static final int MODEL_FUNCTION = 25;
    private static final int FUNCTION_NODE = 7;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_PLACE = 13;
    private static final int TENSOR_IS_ELSEWHERE = 14;

    private final Path model;
    private final Path folder;
    private final Map<String, Path> files = new LinkedHashMap<>();

    private ExternalWeights(Path model) throws IOException {
        this.model = model;
        folder = folder(model);
    }

    /** The folder that a graph's paths go from. */
    static Path folder(Path model) {
        return model.toAbsolutePath().normalize().getParent();
    }

    /**
     * The files, each once, in the order of the graph.
     *
     * @throws IOException if one is missing, too short, or outside of the model's folder, where no model has any business
     */
    static List<Path> of(OnnxGraph graph) throws IOException {
        ExternalWeights found = new ExternalWeights(graph.file());
        found.ofGraph(graph.graph(), 0);
        for (Field function : graph.model().all(MODEL_FUNCTION).toList()) {
            for (Field node : function.message().all(FUNCTION_NODE).toList()) {
                found.ofNode(node.message(), 0);
            }
        }
        return List.copyOf(found.files.values());
    }

    private void ofGraph(ProtoMessage graph, int depth) throws IOException {
        OnnxGraph.require(depth < MOST_DEPTH, "model file " + model + " is damaged: it has graphs in graphs without end;"
                + " copy or download it again");
        for (Field field : graph.fields()) {
            switch (field.number()) {
                case OnnxGraph.INITIALIZER -> ofTensor(field);
                case GRAPH_SPARSE -> ofSparse(field);
                case OnnxGraph.NODE -> ofNode(field.message(), depth);
                default -> {
                }
            }
        }
    }

    private void ofNode(ProtoMessage node, int depth) throws IOException {
        for (Field attribute : node.all(NODE_ATTRIBUTE).toList()) {
            for (Field field : attribute.message().fields()) {
                switch (field.number()) {
                    case ATTRIBUTE_TENSOR, ATTRIBUTE_TENSORS -> ofTensor(field);
                    case ATTRIBUTE_SPARSE, ATTRIBUTE_SPARSES -> ofSparse(field);
                    case ATTRIBUTE_GRAPH, ATTRIBUTE_GRAPHS -> ofGraph(field.message(), depth + 1);
                    default -> {
                    }
                }
            }
        }
    }

    private void ofSparse(Field field) throws IOException {
        ProtoMessage sparse = field.message();
        for (int part : new int[] {SPARSE_VALUES, SPARSE_INDICES}) {
            for (Field tensor : sparse.all(part).toList()) {
                ofTensor(tensor);
            }
        }
    }

    private void ofTensor(Field field) throws IOException {
        ProtoMessage tensor = field.message();
        if (tensor.value(TENSOR_IS_ELSEWHERE) == 0) {
            return;
        }
        Map<String, String> place = new LinkedHashMap<>();
        for (Field entry : tensor.all(TENSOR_PLACE).toList()) {
            ProtoMessage one = entry.message();
            place.put(one.text(1), one.text(2));
        }
        String weights = "weights " + tensor.text(TENSOR_NAME) + " of model file " + model;
        String location = place.getOrDefault("location", "");
        Path file = files.get(location);
        if (file == null) {
            file = file(location, weights);
            files.put(location, file);
        }
        long from = number(place, "offset", weights);
        long length = number(place, "length", weights);
        if (from > Files.size(file) - length) {
            throw new IOException(weights + " lie in " + file + " from byte " + from + " on, " + length + " bytes, and it"
                    + " has " + Files.size(file) + ": copy or download it again");
        }
    }

    private static long number(Map<String, String> place, String key, String weights) throws IOException {
        try {
            long value = Long.parseLong(place.getOrDefault(key, "0"));
            OnnxGraph.require(value >= 0, weights + " have the " + key + " " + value + ", and not 0 or more");
            return value;
        } catch (NumberFormatException e) {
            throw new IOException(weights + " have the " + key + " \"" + place.get(key) + "\", which is no number", e);
        }
    }

    private Path file(String location, String weights) throws IOException {
        Path file;
        try {
            file = folder.resolve(location).normalize();
        } catch (InvalidPathException e) {
            throw new IOException(weights + " lie in a file whose name is none", e);
        }
        OnnxGraph.require(!location.isEmpty() && !Path.of(location).isAbsolute() && file.startsWith(folder)
                && !file.equals(folder), weights + " lie in \"" + location + "\", outside of the model's folder, where"
                        + " no model has anything to read: do not trust this file");
        if (!Files.isRegularFile(file)) {
            throw new IOException(weights + " lie in " + file + ", which does not exist or is no file: download it too,"
                    + " into the same folder");
        }
        // In a cache both are links, which lead to one other folder.
        Path real = file.toRealPath();
        OnnxGraph.require(real.startsWith(folder.toRealPath()) || real.startsWith(model.toRealPath().getParent()),
                weights + " lie in " + file + ", which is a link to " + real + ", outside of the model's folder, where no"
                        + " model has anything to read: do not trust this file");
        return file;
    }
}
