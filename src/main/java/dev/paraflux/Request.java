package dev.paraflux;

import dev.paraflux.check.Require;
import dev.paraflux.model.Condition;
import dev.paraflux.solver.TriangularSystem;
import java.util.Arrays;
import java.util.Objects;

/**
 * One sample to draw. Immutable: arrays are copied when a request is made, and when they are asked for.
 *
 * @param seed      of all noise that is not given: the start noise is what {@code torch.manual_seed(seed);
 *                  torch.randn(shape)} gives on a CPU, and each row noise, in ascending rows, the next {@code randn}. Its
 *                  64 bits are PyTorch's: what Java calls -1 is PyTorch's seed 2^64 - 1, and its -1 as well. Of these
 *                  bits PyTorch's CPU generator uses the low 32 only
 * @param condition what to show, and where, if it is a {@link Condition.Masked}
 * @param start     the start noise z_0, one finite value per element of a row, or null to draw it. It is the start row of
 *                  a variance-preserving grid; that of any other, of sigmas for example, is sigma_0 z_0
 * @param rowNoise  z_1 .. z_N one after the other, finite, or null to draw them
 * @param image     the image to begin from, one finite value per element of a row, in the model's own range; or null to
 *                  begin from the start noise alone
 */
public record Request(long seed, Condition condition, float[] start, float[] rowNoise, float[] image) {

    /** Checks the values, and copies the arrays. */
    public Request {
        Objects.requireNonNull(condition, "condition");
        start = finiteCopy("start noise", start);
        rowNoise = finiteCopy("row noise", rowNoise);
        image = finiteCopy("image", image);
    }

    /** The copy is checked, which nobody else can change. */
    private static float[] finiteCopy(String name, float[] values) {
        return values == null ? null : Require.finite(name, values.clone());
    }

    private static float[] copy(float[] values) {
        return values == null ? null : values.clone();
    }

    /** A copy of the start noise, or null. */
    @Override
    public float[] start() {
        return copy(start);
    }

    /** A copy of the row noise, or null. */
    @Override
    public float[] rowNoise() {
        return copy(rowNoise);
    }

    /** A copy of the image, or null. */
    @Override
    public float[] image() {
        return copy(image);
    }

    /** The start noise itself, to be read only, or null. */
    float[] givenStart() {
        return start;
    }

    /** The row noise itself, to be read only, or null. */
    float[] givenRowNoise() {
        return rowNoise;
    }

    /** The image itself, to be read only, or null. */
    float[] givenImage() {
        return image;
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
    }

    private static void requireLength(String name, float[] values, long length) {
        if (values != null) {
            Require.length(length, name, values.length);
        }
    }

    /** A sample without condition. */
    public static Request seed(long seed) {
        return new Request(seed, Condition.none(), null, null, null);
    }

    /** The same with another condition; what was masked stays so, unless the new condition has a mask of its own. */
    public Request withCondition(Condition newCondition) {
        boolean keepMask = condition instanceof Condition.Masked && !(newCondition instanceof Condition.Masked);
        return replaceCondition(keepMask ? masked(newCondition, (Condition.Masked) condition) : newCondition);
    }

    /** The same with a label. */
    public Request withLabel(int label) {
        return withCondition(Condition.label(label));
    }

    /** The same with this start noise. */
    public Request withStart(float[] newStart) {
        return new Request(seed, condition, newStart, rowNoise, image);
    }

    /** The same with this row noise. */
    public Request withRowNoise(float[] newRowNoise) {
        return new Request(seed, condition, start, newRowNoise, image);
    }

    /**
     * The same, but beginning from an image (SDEdit, arXiv 2108.01073): the start row is alpha_0 image + sigma_0 z_0,
     * with the noise z_0 that would have been the start row, at the level of the grid's row 0. How much of the image is
     * left is the grid's matter: {@link dev.paraflux.schedule.TimeGrid#strength}.
     */
    public Request withImage(float[] newImage) {
        return new Request(seed, condition, start, rowNoise, newImage);
    }

    /**
     * The same, but painted only where a mask says so, for a {@link dev.paraflux.model.Inpainting}. Where the image is
     * known the start row is alpha_0 known + sigma_0 z_0; elsewhere it is as without a mask.
     *
     * @param known what the sample is to be where the mask is 0; see {@link Condition.Masked}
     * @param mask  for each element of a row 0 (known) to 1 (to paint)
     * @throws IllegalArgumentException if they differ in length, or hold a value that is not legal
     */
    public Request withMask(float[] known, float[] mask) {
        Condition inner = condition instanceof Condition.Masked old ? old.inner() : condition;
        return replaceCondition(new Condition.Masked(inner, known, mask));
    }

    private static Condition masked(Condition inner, Condition.Masked like) {
        return like.withInner(Objects.requireNonNull(inner, "condition"));
    }

    private Request replaceCondition(Condition newCondition) {
        return new Request(seed, newCondition, start, rowNoise, image);
    }

    /** Whether the other asks for the same sample; arrays are compared by their values. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Request that && seed == that.seed && condition.equals(that.condition)
                && Arrays.equals(start, that.start) && Arrays.equals(rowNoise, that.rowNoise)
                && Arrays.equals(image, that.image);
    }

    @Override
    public int hashCode() {
        return Objects.hash(seed, condition, Arrays.hashCode(start), Arrays.hashCode(rowNoise), Arrays.hashCode(image));
    }

    @Override
    public String toString() {
        return "Request[seed " + Long.toUnsignedString(seed) + ", " + condition + (start == null ? "" : ", given start")
                + (rowNoise == null ? "" : ", given row noise") + (image == null ? "" : ", given image") + "]";
    }
}
