package dev.paraflux.model.onnx;

import dev.paraflux.model.onnx.ProtoMessage.Field;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
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
    private static final int TENSOR_BYTES = 9;
    private static final int TENSOR_PLACE = 13;
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final String LOCATION = "location";
    private static final String OFFSET = "offset";
    private static final String BYTES = "length";
    private static final int TENSOR_IS_ELSEWHERE = 14;

    /** Axes and shapes are no longer, which ONNX Runtime must know while it reads a graph, and then reads no other files. */
    private static final int SMALL = 4096;

    private final Path model;
    private final Path folder;
    /** What files that are links lead to, by what the graph calls them. */
    private final Map<String, Path> files = new LinkedHashMap<>();

    /** Where a tensor lies, in words of the graph. */
    private record Place(String location, long from, long length) {}

    private ExternalWeights(Path model) {
        this.model = model;
        folder = model.toAbsolutePath().normalize().getParent();
    }

    /** The folder that all of them lie in: of a cache of links, the one that they lead to. */
    Path folder() throws IOException {
        Path real = folder.toRealPath();
        return files.values().stream().allMatch(file -> file.startsWith(real)) ? real : model.toRealPath().getParent();
    }

    /**
     * Finds them.
     *
     * @throws IOException if one is missing, too short, or outside of the model's folder, where no model has any business
     */
    static ExternalWeights of(OnnxGraph graph) throws IOException {
        ExternalWeights found = new ExternalWeights(graph.file());
        found.ofGraph(graph.graph(), 0);
        for (Field function : graph.model().all(MODEL_FUNCTION).toList()) {
            for (Field node : function.message().all(FUNCTION_NODE).toList()) {
                found.ofNode(node.message(), 0);
            }
        }
        return found;
    }

    /** All files of the model: the graph's own, then those that weights lie in, each once, in the order of the graph. */
    List<Path> filesOfModel() {
        List<Path> all = new ArrayList<>(List.of(model));
        all.addAll(files.values());
        return all;
    }

    /** A tensor as it is to stand in the graph: a small one with its values, of another where it really lies. */
    void write(ProtoWriter graph, Field field) throws IOException {
        ProtoMessage tensor = field.message();
        Place place = place(tensor);
        if (place == null) {
            graph.field(field);
            return;
        }
        ProtoWriter written = new ProtoWriter();
        for (Field part : tensor.fields()) {
            if (part.number() != TENSOR_PLACE && part.number() != TENSOR_IS_ELSEWHERE) {
                written.field(part);
            }
        }
        Path file = files.get(place.location());
        if (place.length() > 0 && place.length() <= SMALL) {
            written.bytes(TENSOR_BYTES, ByteBuffer.wrap(values(file, place)));
        } else {
            entry(written, LOCATION, folder().relativize(file).toString());
            entry(written, OFFSET, String.valueOf(place.from()));
            if (place.length() > 0) {
                entry(written, BYTES, String.valueOf(place.length()));
            }
            written.number(TENSOR_IS_ELSEWHERE, 1);
        }
        graph.message(OnnxGraph.INITIALIZER, written);
    }

    private static void entry(ProtoWriter tensor, String key, String value) {
        tensor.message(TENSOR_PLACE, new ProtoWriter().text(KEY, key).text(VALUE, value));
    }

    private static byte[] values(Path file, Place place) throws IOException {
        try (RandomAccessFile from = new RandomAccessFile(file.toFile(), "r")) {
            byte[] values = new byte[(int) place.length()];
            from.seek(place.from());
            from.readFully(values);
            return values;
        }
    }

    private void ofGraph(ProtoMessage graph, int depth) throws IOException {
        BrokenMessage.unless(depth < MOST_DEPTH, "it has graphs in graphs without end");
        for (Field field : graph.fields()) {
            switch (field.number()) {
                case OnnxGraph.INITIALIZER -> place(field.message());
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
                    case ATTRIBUTE_TENSOR, ATTRIBUTE_TENSORS -> place(field.message());
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
                place(tensor.message());
            }
        }
    }

    /** Where a tensor lies; null if in the graph itself. */
    private Place place(ProtoMessage tensor) throws IOException {
        if (tensor.value(TENSOR_IS_ELSEWHERE) == 0) {
            return null;
        }
        Map<String, String> place = new LinkedHashMap<>();
        for (Field entry : tensor.all(TENSOR_PLACE).toList()) {
            ProtoMessage one = entry.message();
            place.put(one.text(KEY), one.text(VALUE));
        }
        String weights = "weights " + tensor.text(TENSOR_NAME) + " of model file " + model;
        String location = place.getOrDefault(LOCATION, "");
        Path file = files.get(location);
        if (file == null) {
            file = file(location, weights);
            files.put(location, file);
        }
        long from = number(place, OFFSET, weights);
        long length = number(place, BYTES, weights);
        if (from > Files.size(file) - length) {
            throw new IOException(
                    weights + " lie in " + file + " from byte " + from + " on, " + length + " bytes, and it"
                            + " has " + Files.size(file) + ": copy or download it again");
        }
        return new Place(location, from, length);
    }

    private static long number(Map<String, String> place, String key, String weights) throws IOException {
        try {
            long value = Long.parseLong(place.getOrDefault(key, "0"));
            require(value >= 0, weights + " have the " + key + " " + value + ", and not 0 or more");
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
        require(!location.isEmpty() && !Path.of(location).isAbsolute() && file.startsWith(folder)
                && !file.equals(folder),
                weights + " lie in \"" + location + "\", outside of the model's folder, where"
                        + " no model has anything to read: do not trust this file");
        if (!Files.isRegularFile(file)) {
            throw new IOException(weights + " lie in " + file + ", which does not exist or is no file: download it too,"
                    + " into the same folder");
        }
        // In a cache both are links, which lead to one other folder.
        Path real = file.toRealPath();
        require(real.startsWith(folder.toRealPath()) || real.startsWith(model.toRealPath().getParent()),
                weights + " lie in " + file + ", which is a link to " + real
                        + ", outside of the model's folder, where no"
                        + " model has anything to read: do not trust this file");
        return real;
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
