package dev.paraflux.model.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a graph does to its time before it calculates with it. Exporters write {@code timestep -> (Unsqueeze | Cast |
 * Identity)* -> Expand}, for a time that is the same for all rows: without these nodes it takes a time of each row.
 */
final class TimePath {
    /** Longer ones are of nobody's making. */
    private static final int MOST_NODES = 32;

    private final List<GraphNode> nodes;
    private final Set<GraphNode> spread = new HashSet<>();
    private GraphNode lifted;
    private final List<GraphNode> rounding = new ArrayList<>();

    private TimePath(List<GraphNode> nodes) {
        this.nodes = nodes;
    }

    /** Follows an input. */
    static TimePath of(OnnxGraph graph, GraphValue time) {
        TimePath path = new TimePath(graph.nodes());
        if (path.follow(time.name(), 0) || !time.isScalar()) {
            path.lifted = null;
        }
        path.seekWhole(time.name(), 0);
        return path;
    }

    /** Whether an Expand stands ahead, to which all nodes on the way are taken down. */
    private boolean follow(String value, int depth) {
        boolean found = false;
        for (GraphNode node : after(value, depth)) {
            if (node.kind().equals("Unsqueeze") || node.kind().equals("Reshape")) {
                lifted = lifted == null ? node : lifted;
            }
            if (node.kind().equals("Expand") || follow(node.outputs().get(0), depth + 1)) {
                spread.add(node);
                found = true;
            }
        }
        return found;
    }

    /** Finds what makes whole numbers of it. */
    private void seekWhole(String value, int depth) {
        for (GraphNode node : after(value, depth)) {
            if (node.kind().equals("Cast") && !node.to().isFloating()) {
                rounding.add(node);
            }
            seekWhole(node.outputs().get(0), depth + 1);
        }
    }

    private List<GraphNode> after(String value, int depth) {
        return depth > MOST_NODES ? List.of() : nodes.stream().filter(node -> node.passesOn(value)).toList();
    }

    /** Whether something stands there that spreads one time over the rows, or gives it a row's place. */
    boolean canBeOpened() {
        return !spread.isEmpty() || lifted != null;
    }

    /** Whether the graph itself makes whole numbers of times, also where some nodes are taken out. */
    boolean rounds(Set<GraphNode> without) {
        return !without.containsAll(rounding);
    }

    /** The nodes that are in the way of a form: where each row has its time, what makes it one for all. */
    Set<GraphNode> inTheWay(TimeForm form) {
        if (form.given() != TimeForm.Given.EACH) {
            return Set.of();
        }
        if (lifted != null) {
            return Set.of(lifted);
        }
        return spread.stream().filter(node -> !form.cast() || !node.kind().equals("Cast")).collect(Collectors.toSet());
    }
}
