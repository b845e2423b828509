package dev.paraflux;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.solver.TriangularSystem;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * What a request begins with, as far as it is given. Its arrays belong to it: they were copied, and are not handed out.
 *
 * @param start    the start noise, or null
 * @param source   the caller's own buffer of start noise, or null
 * @param shared   what lay in it from its position on when it was given, from position 0 on, or null
 * @param rowNoise z_1 .. z_N one after the other, or null
 * @param image    the image, or null
 */
record Given(float[] start, FloatBuffer source, FloatBuffer shared, float[] rowNoise, float[] image) {
    static final Given NOTHING = new Given(null, null, null, null, null);

    Given withStart(float[] newStart) {
        return new Given(finiteCopy("start noise", newStart), null, null, rowNoise, image);
    }

    Given withStart(FloatBuffer newStart) {
        return new Given(null, newStart, newStart.slice(), rowNoise, image);
    }

    Given withRowNoise(float[] newRowNoise) {
        return new Given(start, source, shared, finiteCopy("row noise", newRowNoise), image);
    }

    Given withImage(float[] newImage) {
        return new Given(start, source, shared, rowNoise, finiteCopy("image", newImage));
    }

    /** The copy is checked, which nobody else can change. */
    private static float[] finiteCopy(String name, float[] values) {
        return values == null ? null : Require.finite(name, values.clone());
    }

    boolean hasStart() {
        return start != null || shared != null;
    }

    void readStart(float[] into) {
        if (shared == null) {
            System.arraycopy(start, 0, into, 0, into.length);
        } else {
            shared.get(0, into);
        }
    }

    /**
     * Checks that the arrays suit a system.
     *
     * @throws IllegalArgumentException if one has another length than it needs
     */
    void requireFits(TriangularSystem system, int dim) {
        requireLength("start noise", start, dim);
        requireLength("row noise", rowNoise, (long) system.rows() * dim);
        requireLength("image", image, dim);
        if (shared != null && shared.capacity() < dim) {
            throw new IllegalValueException("number of values of start noise", shared.capacity(), dim + " or more");
        }
    }

    private static void requireLength(String name, float[] values, long length) {
        if (values != null) {
            Require.length(length, name, values.length);
        }
    }

    /** Arrays are compared by their values, the caller's memory by identity. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Given that && Arrays.equals(start, that.start) && source == that.source
                && Arrays.equals(rowNoise, that.rowNoise) && Arrays.equals(image, that.image);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(start), Arrays.hashCode(rowNoise), Arrays.hashCode(image));
    }

    @Override
    public String toString() {
        return (hasStart() ? ", given start" : "") + (rowNoise == null ? "" : ", given row noise")
                + (image == null ? "" : ", given image");
    }
}
