package dev.paraflux.model.onnx;

import dev.paraflux.model.onnx.ProtoMessage.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the functions of a file come to when each call of one is replaced by its nodes, as ONNX Runtime does before anything
 * else, by recursion and without a bound: some kilobytes can be more than any memory, or any stack.
 */
final class GraphFunctions {
    /** What exporters write calls one another some ten deep. */
    private static final int MOST_DEPTH = 100;
    private static final long MOST_NODES = 1_000_000;

    private static final int MODEL_FUNCTION = 25;
    private static final int FUNCTION_NAME = 1;
    private static final int FUNCTION_NODE = 7;
    private static final int FUNCTION_DOMAIN = 10;
    private static final int FUNCTION_OVERLOAD = 13;
    private static final int NODE_KIND = 4;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int NODE_DOMAIN = 7;
    private static final int NODE_OVERLOAD = 8;
    private static final int ATTRIBUTE_GRAPH = 6;
    private static final int ATTRIBUTE_GRAPHS = 11;

    private final Map<String, List<ProtoMessage>> functions = new HashMap<>();
    private final Map<String, Size> sizes = new HashMap<>();

    private record Size(int depth, long nodes) {}

    private GraphFunctions() {}

    /**
     * Checks the functions of a model and what its graph makes of them.
     *
     * @throws IOException a {@link BrokenMessage} if it is too much
     */
    static void check(ProtoMessage model, ProtoMessage graph) throws IOException {
        List<Field> all = model.all(MODEL_FUNCTION).toList();
        if (all.isEmpty()) {
            return;
        }
        GraphFunctions known = new GraphFunctions();
        for (Field field : all) {
            ProtoMessage function = field.message();
            known.functions.put(key(function, FUNCTION_DOMAIN, FUNCTION_NAME, FUNCTION_OVERLOAD),
                    messages(function, FUNCTION_NODE));
        }
        long nodes = known.of(messages(graph, OnnxGraph.NODE), 0).nodes;
        for (String function : known.functions.keySet()) {
            nodes += known.of(function, 0).nodes;
            requireFew(nodes);
        }
    }

    private static List<ProtoMessage> messages(ProtoMessage parent, int number) throws IOException {
        List<ProtoMessage> messages = new ArrayList<>();
        for (Field field : parent.all(number).toList()) {
            messages.add(field.message());
        }
        return messages;
    }

    private static String key(ProtoMessage message, int domain, int name, int overload) {
        return message.text(domain) + "\n" + message.text(name) + "\n" + message.text(overload);
    }

    private Size of(String function, int above) throws IOException {
        BrokenMessage.unless(above < MOST_DEPTH,
                "it has functions that call one another more than " + MOST_DEPTH + " deep");
        Size known = sizes.get(function);
        if (known == null) {
            known = of(functions.get(function), above + 1);
            sizes.put(function, new Size(known.depth + 1, known.nodes));
        }
        return sizes.get(function);
    }

    /** @param above functions and graphs that these nodes are in */
    private Size of(List<ProtoMessage> nodes, int above) throws IOException {
        BrokenMessage.unless(above <= MOST_DEPTH, "it has graphs in graphs without end");
        int depth = 0;
        long count = 0;
        for (ProtoMessage node : nodes) {
            String function = key(node, NODE_DOMAIN, NODE_KIND, NODE_OVERLOAD);
            List<Size> inside = new ArrayList<>();
            if (functions.containsKey(function)) {
                inside.add(of(function, above));
            }
            for (ProtoMessage attribute : messages(node, NODE_ATTRIBUTE)) {
                for (int field : new int[] {ATTRIBUTE_GRAPH, ATTRIBUTE_GRAPHS}) {
                    for (ProtoMessage graph : messages(attribute, field)) {
                        inside.add(of(messages(graph, OnnxGraph.NODE), above + 1));
                    }
                }
            }
            count++;
            for (Size one : inside) {
                depth = Math.max(depth, one.depth);
                count += one.nodes;
            }
            requireFew(count);
        }
        BrokenMessage.unless(above + depth <= MOST_DEPTH,
                "it has functions that call one another more than " + MOST_DEPTH + " deep");
        return new Size(depth, count);
    }

    private static void requireFew(long nodes) throws IOException {
        BrokenMessage.unless(nodes <= MOST_NODES,
                "it has functions that come to more than " + MOST_NODES + " nodes");
    }
}
