package dev.paraflux.model.onnx;

import dev.paraflux.model.onnx.ProtoMessage.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An input or output of a graph as it is declared.
 *
 * @param name  its name
 * @param type  of its values
 * @param sizes what is known of its shape: a size, or or a name for it; null if nothing is declared
 */
record GraphValue(String name, ElementType type, List<Size> sizes) {
    private static final int NAME = 1;
    private static final int TYPE = 2;
    private static final int TENSOR = 1;
    private static final int ELEMENT = 1;
    private static final int SHAPE = 2;
    private static final int SIZE = 1;
    private static final int SIZE_VALUE = 1;
    private static final int SIZE_NAME = 2;

    /** @param value the size, or 0 if it is told by a name, or not at all */
    record Size(long value, String name) {
        static Size named(String name) {
            return new Size(0, name);
        }

        boolean isFixed() {
            return value > 0;
        }

        @Override
        public String toString() {
            return isFixed() ? String.valueOf(value) : name.isEmpty() ? "?" : name;
        }
    }

    /** Reads a {@code ValueInfoProto}. */
    static GraphValue read(ProtoMessage info) throws IOException {
        ProtoMessage tensor = info.message(TYPE).message(TENSOR);
        List<Size> sizes = null;
        if (tensor.all(SHAPE).findAny().isPresent()) {
            sizes = new ArrayList<>();
            for (Field size : tensor.message(SHAPE).all(SIZE).toList()) {
                ProtoMessage one = size.message();
                sizes.add(new Size(one.value(SIZE_VALUE), one.text(SIZE_NAME)));
            }
        }
        return new GraphValue(info.text(NAME), ElementType.of(tensor.value(ELEMENT)), sizes);
    }

    /** Writes it as a {@code ValueInfoProto}. */
    ProtoWriter write() {
        ProtoWriter tensor = new ProtoWriter().number(ELEMENT, type.code());
        if (sizes != null) {
            ProtoWriter shape = new ProtoWriter();
            for (Size size : sizes) {
                shape.message(SIZE, size.isFixed() ? new ProtoWriter().number(SIZE_VALUE, size.value())
                        : size.name().isEmpty() ? new ProtoWriter() : new ProtoWriter().text(SIZE_NAME, size.name()));
            }
            tensor.message(SHAPE, shape);
        }
        return new ProtoWriter().text(NAME, name).message(TYPE, new ProtoWriter().message(TENSOR, tensor));
    }

    /** The same of other values, by another name. */
    GraphValue as(String otherName, ElementType otherType) {
        return new GraphValue(otherName, otherType, sizes);
    }

    /** The same with another shape. */
    GraphValue of(List<Size> others) {
        return new GraphValue(name, type, others);
    }

    /** Whether it is one number, whatever the number of rows. */
    boolean isScalar() {
        return sizes != null && sizes.isEmpty();
    }

    /** The number of rows that it has always; 0 if it can have any. */
    long fixedRows() {
        return sizes == null || sizes.isEmpty() ? 0 : sizes.get(0).value();
    }

    /** Whether rows of a shape can be given as it. */
    boolean takes(List<Integer> rowShape) {
        if (sizes == null) {
            return true;
        }
        if (sizes.size() != 1 + rowShape.size()) {
            return false;
        }
        for (int k = 0; k < rowShape.size(); k++) {
            if (sizes.get(1 + k).isFixed() && sizes.get(1 + k).value() != rowShape.get(k)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return name + " " + type + (sizes == null ? "" : " " + Objects.toString(sizes));
    }
}
