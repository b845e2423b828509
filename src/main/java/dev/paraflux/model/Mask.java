package dev.paraflux.model;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Queue;
import dev.paraflux.json.Description;
import java.util.Arrays;

/**
 * Which part of a sample is known, and what is known of it; the rest is to be painted, by an
 * {@link dev.paraflux.model.around.Inpainting}. A value: immutable, its arrays copied when it is made and when they are
 * asked for. Reuse one object for many samples: what paints keeps its rows on the device as long as it meets the same
 * object.
 *
 * @param known what is known, one finite value per element of a row, in the model's own range; what it says where the
 *              mask is 1 is not seen
 * @param mask  for each element 0 (known) to 1 (to paint); in between, the two are blended
 */
public record Mask(float[] known, float[] mask) {

    /** Checks the values, and copies the arrays. */
    public Mask {
        Require.length(known.length, "mask", mask.length);
        known = Require.finite("known", known.clone());
        mask = mask.clone();
        for (int e = 0; e < mask.length; e++) {
            if (!(mask[e] >= 0 && mask[e] <= 1)) {
                throw new IllegalValueException("mask[" + e + "]", mask[e], "0 (known) to 1 (to paint)");
            }
        }
    }

    /** What it is as values, for files and for comparison: a digest. */
    public Description description() {
        return Description.of("mask").with(ModelIdentity.SHA256, Sha256.of(known, mask));
    }

    /** Number of elements. */
    public int length() {
        return mask.length;
    }

    @Override
    public float[] known() {
        return known.clone();
    }

    @Override
    public float[] mask() {
        return mask.clone();
    }

    /** What is known of one element. */
    public float known(int element) {
        return known[element];
    }

    /** The mask at one element. */
    public float mask(int element) {
        return mask[element];
    }

    /** Writes the mask into a row of as many values. */
    public void writeMask(Queue queue, Buffer rows, int row) {
        queue.write(mask, 0, rows, row);
    }

    /** Writes what is known into a row of as many values. */
    public void writeKnown(Queue queue, Buffer rows, int row) {
        queue.write(known, 0, rows, row);
    }

    /**
     * Checks that it is made for rows of a length.
     *
     * @throws IllegalArgumentException if it is not
     */
    public void requireLength(int dim) {
        Require.length(dim, "mask", mask.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Mask that
                && (this == that || Arrays.equals(known, that.known) && Arrays.equals(mask, that.mask));
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(known) + Arrays.hashCode(mask);
    }

    @Override
    public String toString() {
        return "Mask[" + mask.length + "]";
    }
}
