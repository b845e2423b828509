package dev.paraflux.model.pretrained;

import dev.paraflux.check.Require;
import dev.paraflux.device.Buffer;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What a model takes besides x and t, of each row: a label, a text's vectors, a size, an observation.
 *
 * @param name      what the model calls it
 * @param type      of its values
 * @param shape     of a row's value, each size 1 or more; empty for one number
 * @param classes   of a label: values are 0 to {@code classes} - 1, 1 or more; 0 if it is no label
 * @param nullValue what every value is where no condition is given; empty if the model needs one
 * @param joined    whether the model takes it as more channels of x, behind those of the sample and in the order of the card:
 *                  a mask, or a picture that is drawn upon. Float32, its shape that of x but for the first size. Of ONNX models alone
 */
public record ModelInput(String name, Type type, List<Integer> shape, int classes, OptionalInt nullValue,
        boolean joined) {

    /** Of numbers. What a file has instead, int32 or float16, is its backend's matter. */
    public enum Type {
        FLOAT32(Float.BYTES), INT64(Long.BYTES);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        /** Of one value. */
        public int bytes() {
            return bytes;
        }
    }

    /** Checks the values, and copies the list. */
    public ModelInput {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(nullValue, "nullValue");
        Require.that(!name.isBlank(), "name", "\"" + name + "\"", "what the model calls the input");
        shape = List.copyOf(shape);
        long all = 1;
        for (int size : shape) {
            all = size < 1 || all > Buffer.MAX_DIM ? 0 : all * size;
        }
        Require.that(all >= 1 && all <= Buffer.MAX_DIM, "shape", shape,
                "a list of sizes, each 1 or more, together at most " + Buffer.MAX_DIM + " values");
        Require.that(classes >= 0, "classes", classes, "1 or more for a label, or left out");
        Require.that(classes == 0 || type == Type.INT64 && shape.isEmpty(), "classes", classes,
                "left out, for an input that is not one int64");
        Require.that(nullValue.isEmpty() || nullValue.getAsInt() >= 0, "null", nullValue.orElse(0),
                "0 or more, or left out");
        Require.that(!joined || type == Type.FLOAT32 && !shape.isEmpty(), "joined", joined,
                "left out, for an input that is not float32 with a shape");
    }

    /** One that is no part of x. */
    public ModelInput(String name, Type type, List<Integer> shape, int classes, OptionalInt nullValue) {
        this(name, type, shape, classes, nullValue, false);
    }

    /** More channels of x, which every condition must give. */
    public static ModelInput joined(String name, Integer... shape) {
        return new ModelInput(name, Type.FLOAT32, List.of(shape), 0, OptionalInt.empty(), true);
    }

    /** A class, told by its number. */
    public static ModelInput label(int classes, OptionalInt nullLabel) {
        return new ModelInput("label", Type.INT64, List.of(), classes, nullLabel);
    }

    /** Values of a row. */
    public int values() {
        int values = 1;
        for (int k = 0; k < shape.size(); k++) {
            values *= shape.get(k);
        }
        return values;
    }

    /** Whether it is a label. */
    public boolean isLabel() {
        return classes > 0;
    }

    /** Whether it is what {@code Condition.Embedding} stands for: [tokens, width] numbers. */
    public boolean isEmbedding() {
        return type == Type.FLOAT32 && shape.size() == 2 && !joined;
    }
}
