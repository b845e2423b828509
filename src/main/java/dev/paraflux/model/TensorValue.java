package dev.paraflux.model;

import dev.paraflux.check.Require;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The value of a named input of a model, for one row: float32 or int64 numbers of a shape, in C order. A value: immutable,
 * equal to another that says the same, its arrays copied when it is made.
 */
public final class TensorValue {
    private final int[] shape;
    private final float[] floats;
    private final long[] longs;

    private TensorValue(int[] shape, float[] floats, long[] longs) {
        this.shape = shape;
        this.floats = floats;
        this.longs = longs;
    }

    /**
     * Of float32.
     *
     * @param values in C order, finite, as many as the shape has
     * @param shape  each size 1 or more; none for one number
     */
    public static TensorValue of(float[] values, int... shape) {
        int[] sizes = requireShape(values.length, shape);
        return new TensorValue(sizes, Require.finite("values", values.clone()), null);
    }

    /** Of int64, likewise. */
    public static TensorValue of(long[] values, int... shape) {
        int[] sizes = requireShape(values.length, shape);
        return new TensorValue(sizes, null, values.clone());
    }

    private static int[] requireShape(int length, int... shape) {
        int[] sizes = shape.clone();
        Require.length(sizes.length == 0 ? 1 : Shapes.dim("shape", sizes), "values", length);
        return sizes;
    }

    /** Of the same shape and type, every value 0. */
    public TensorValue zeros() {
        return new TensorValue(shape, floats == null ? null : new float[floats.length],
                longs == null ? null : new long[longs.length]);
    }

    /** Its sizes; a copy. */
    public int[] shape() {
        return shape.clone();
    }

    /** Whether it has these sizes. */
    public boolean hasShape(List<Integer> sizes) {
        boolean same = sizes.size() == shape.length;
        for (int i = 0; same && i < shape.length; i++) {
            same = sizes.get(i) == shape[i];
        }
        return same;
    }

    /**
     * One of its int64 values.
     *
     * @param place in C order, from 0
     */
    public long longAt(int place) {
        return longs[place];
    }

    /** Whether its numbers are int64, and not float32. */
    public boolean isWhole() {
        return longs != null;
    }

    /**
     * A copy of float32 values.
     *
     * @throws IllegalStateException if they are int64
     */
    public float[] floats() {
        if (floats == null) {
            throw new IllegalStateException(this + " has no float32 values");
        }
        return floats.clone();
    }

    /**
     * A copy of int64 values.
     *
     * @throws IllegalStateException if they are float32
     */
    public long[] longs() {
        if (longs == null) {
            throw new IllegalStateException(this + " has no int64 values");
        }
        return longs.clone();
    }

    /** Puts float32 values where a buffer's position is, and moves it past them. */
    public void writeTo(FloatBuffer buffer) {
        buffer.put(floats);
    }

    /** Puts int64 values where a buffer's position is, and moves it past them. */
    public void writeTo(LongBuffer buffer) {
        buffer.put(longs);
    }

    /** Of its values. */
    String digest() {
        return floats == null ? Sha256.of(longs) : Sha256.of(floats);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof TensorValue that && Arrays.equals(shape, that.shape)
                && Arrays.equals(floats, that.floats) && Arrays.equals(longs, that.longs);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(shape) + Arrays.hashCode(floats)) + Arrays.hashCode(longs);
    }

    /** Its type and shape, for example {@code float32 [77, 768]}. */
    @Override
    public String toString() {
        return (isWhole() ? "int64 " : "float32 ") + Arrays.toString(shape);
    }
}
