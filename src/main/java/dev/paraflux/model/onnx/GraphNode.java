package dev.paraflux.model.onnx;

import dev.paraflux.model.onnx.ProtoMessage.Field;
import java.io.IOException;
import java.util.List;

/**
 * A node of a graph.
 *
 * @param field   as it stands in the file
 * @param inputs  names of what it takes
 * @param outputs names of what it gives
 * @param kind    what it does, for example {@code Cast}
 * @param to      the type that a cast gives
 */
record GraphNode(Field field, List<String> inputs, List<String> outputs, String kind, ElementType to) {
    private static final int INPUT = 1;
    private static final int OUTPUT = 2;
    private static final int KIND = 4;
    private static final int ATTRIBUTE = 5;
    private static final int ATTRIBUTE_NAME = 1;
    private static final int ATTRIBUTE_INTEGER = 3;
    private static final int ATTRIBUTE_TYPE = 20;
    private static final int INTEGER = 2;
    private static final String TO = "to";

    static GraphNode read(Field field) throws IOException {
        ProtoMessage node = field.message();
        ElementType to = ElementType.UNDEFINED;
        String kind = node.text(KIND);
        if (kind.equals("Cast")) {
            for (Field attribute : node.all(ATTRIBUTE).toList()) {
                ProtoMessage one = attribute.message();
                to = one.text(ATTRIBUTE_NAME).equals(TO) ? ElementType.of(one.value(ATTRIBUTE_INTEGER)) : to;
            }
        }
        return new GraphNode(field, node.texts(INPUT), node.texts(OUTPUT), kind, to);
    }

    /** Writes a node that gives a value by another name as another type. */
    static ProtoWriter cast(String from, String into, ElementType type) {
        ProtoWriter to = new ProtoWriter().text(ATTRIBUTE_NAME, TO).number(ATTRIBUTE_INTEGER, type.code())
                .number(ATTRIBUTE_TYPE, INTEGER);
        return new ProtoWriter().text(INPUT, from).text(OUTPUT, into).text(KIND, "Cast").message(ATTRIBUTE, to);
    }

    /** Writes a node that joins values of rows by their first size. */
    static ProtoWriter joined(String into, List<String> from) {
        ProtoWriter axis = new ProtoWriter().text(ATTRIBUTE_NAME, "axis").number(ATTRIBUTE_INTEGER, 1)
                .number(ATTRIBUTE_TYPE, INTEGER);
        return of("Concat", into, from.toArray(String[]::new)).message(ATTRIBUTE, axis);
    }

    /** Writes a node without attributes. */
    static ProtoWriter of(String kind, String into, String... from) {
        ProtoWriter node = new ProtoWriter();
        for (String one : from) {
            node.text(INPUT, one);
        }
        return node.text(OUTPUT, into).text(KIND, kind);
    }

    /** Writes one that gives its first input as its output, instead of this. */
    ProtoWriter identity() {
        return of("Identity", outputs.get(0), inputs.get(0));
    }

    /** Whether it gives the values of its first input, in another shape or type at most. */
    boolean passesOn(String value) {
        return !inputs.isEmpty() && inputs.get(0).equals(value) && outputs.size() == 1
                && switch (kind) {
                    case "Identity", "Cast", "Unsqueeze", "Squeeze", "Reshape", "Expand" -> true;
                    default -> false;
                };
    }
}
