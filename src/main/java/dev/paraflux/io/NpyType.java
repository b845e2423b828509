package dev.paraflux.io;

import dev.paraflux.check.IllegalValueException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The types of elements that are read from {@code .npy} files, as NumPy calls them. */
enum NpyType {
    BOOL("b1"), INT8("i1"), INT16("i2"), INT32("i4"), INT64("i8"), UINT8("u1"), UINT16("u2"), UINT32("u4"),
    FLOAT16("f2"), FLOAT32("f4"), FLOAT64("f8");

    private final String code;

    NpyType(String code) {
        this.code = code;
    }

    /**
     * Reads a type and its order of bytes, such as {@code <f4}.
     *
     * @throws IllegalValueException if it is none of these
     */
    static NpyType of(String descr) {
        String order = descr.isEmpty() ? "" : descr.substring(0, 1);
        String code = descr.isEmpty() ? "" : descr.substring(1);
        for (NpyType type : values()) {
            if (type.code.equals(code) && List.of("<", ">", type.bytes() == 1 ? "|" : "<").contains(order)) {
                return type;
            }
        }
        throw new IllegalValueException("type of elements", descr, Arrays.stream(values()).map(NpyType::toString)
                .collect(Collectors.joining(", ")));
    }

    int bytes() {
        return code.charAt(1) - '0';
    }

    boolean isFloat() {
        return code.charAt(0) == 'f';
    }

    /** An element; whole numbers beyond 2^53 are rounded. */
    double real(ByteBuffer data, int index) {
        return switch (this) {
            case FLOAT16 -> half(data.getShort(2 * index));
            case FLOAT32 -> data.getFloat(4 * index);
            case FLOAT64 -> data.getDouble(8 * index);
            default -> whole(data, index);
        };
    }

    /** An element of a type of whole numbers. */
    long whole(ByteBuffer data, int index) {
        return switch (this) {
            case BOOL -> data.get(index) == 0 ? 0 : 1;
            case INT8 -> data.get(index);
            case UINT8 -> data.get(index) & 0xff;
            case INT16 -> data.getShort(2 * index);
            case UINT16 -> data.getShort(2 * index) & 0xffff;
            case INT32 -> data.getInt(4 * index);
            case UINT32 -> data.getInt(4 * index) & 0xffffffffL;
            case INT64 -> data.getLong(8 * index);
            default -> throw new IllegalStateException(this + " has no whole numbers");
        };
    }

    /** IEEE 754 binary16: Java has a conversion of its own from version 20 on. */
    private static double half(short bits) {
        int exponent = bits >> 10 & 31;
        int fraction = bits & 1023;
        double magnitude;
        if (exponent == 31) {
            magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else {
            magnitude = exponent == 0 ? Math.scalb((double) fraction, -24)
                    : Math.scalb(1024.0 + fraction, exponent - 25);
        }
        return bits < 0 ? -magnitude : magnitude;
    }

    /** As NumPy calls it: {@code float32}. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
