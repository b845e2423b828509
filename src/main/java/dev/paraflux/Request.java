package dev.paraflux;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.method.Method;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.Mask;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * One sample to draw. Immutable: arrays are copied when a request is made, and when they are asked for; the memory of
 * {@link #withStart(FloatBuffer)} alone stays the caller's. Requests that share their rounds may differ in all of it.
 */
public final class Request {
    private final long seed;
    private final Conditioning conditioning;
    private final TimeGrid grid;
    private final Solver solver;
    private final Method method;
    private final float[] start;
    private final FloatBuffer sharedStart;
    private final float[] rowNoise;
    private final float[] image;

    private Request(Parts parts) {
        seed = parts.seed;
        conditioning = parts.conditioning;
        grid = parts.grid;
        solver = parts.solver;
        method = parts.method;
        start = parts.start;
        sharedStart = parts.sharedStart;
        rowNoise = parts.rowNoise;
        image = parts.image;
    }

    /** What a request is made of, while it is made. */
    private static final class Parts {
        private long seed;
        private Conditioning conditioning = Conditioning.of(Condition.none());
        private TimeGrid grid;
        private Solver solver;
        private Method method;
        private float[] start;
        private FloatBuffer sharedStart;
        private float[] rowNoise;
        private float[] image;

        private Request request() {
            return new Request(this);
        }
    }

    private Parts parts() {
        Parts parts = new Parts();
        parts.seed = seed;
        parts.conditioning = conditioning;
        parts.grid = grid;
        parts.solver = solver;
        parts.method = method;
        parts.start = start;
        parts.sharedStart = sharedStart;
        parts.rowNoise = rowNoise;
        parts.image = image;
        return parts;
    }

    /**
     * A sample without condition.
     *
     * @param seed of all noise that is not given: the start noise is what {@code torch.manual_seed(seed);
     *             torch.randn(shape)} gives on a CPU, and each row noise, in ascending rows, the next {@code randn}. Its 64
     *             bits are PyTorch's: what Java calls -1 is PyTorch's seed 2^64 - 1, and its -1 as well. Of these bits
     *             PyTorch's CPU generator uses the low 32 only
     */
    public static Request seed(long seed) {
        return new Parts().request().withSeed(seed);
    }

    /** The same with another seed. */
    public Request withSeed(long newSeed) {
        Parts parts = parts();
        parts.seed = newSeed;
        return parts.request();
    }

    /** The same with another condition. */
    public Request withCondition(Condition condition) {
        Objects.requireNonNull(condition, "condition");
        return with(conditioning.withCondition(condition));
    }

    /** The same with a label. */
    public Request withLabel(int label) {
        return withCondition(Condition.label(label));
    }

    /** The same, guided like this, whatever the {@link dev.paraflux.model.around.Guidance} around the model does by itself. */
    public Request withGuidance(GuidanceOptions guidance) {
        Objects.requireNonNull(guidance, "guidance");
        return with(conditioning.withGuidance(guidance));
    }

    /**
     * The same, but painted only where a mask says so, for a {@link dev.paraflux.model.around.Inpainting}. Where the image is
     * known the start row is alpha_0 known + sigma_0 z_0; elsewhere it is as without a mask.
     *
     * @param known what the sample is to be where the mask is 0, one finite value per element of a row, in the model's own
     *              range
     * @param mask  for each element of a row 0 (known) to 1 (to paint)
     * @throws IllegalArgumentException if they differ in length, or hold a value that is not legal
     */
    public Request withMask(float[] known, float[] mask) {
        return with(conditioning.withMask(new Mask(known, mask)));
    }

    private Request with(Conditioning newConditioning) {
        Parts parts = parts();
        parts.conditioning = newConditioning;
        return parts.request();
    }

    /** The same on another grid than the sampler's: other steps, another strength. */
    public Request withGrid(TimeGrid newGrid) {
        Parts parts = parts();
        parts.grid = Objects.requireNonNull(newGrid, "grid");
        return parts.request();
    }

    /** The same with another solver than the sampler's. */
    public Request withSolver(Solver newSolver) {
        Parts parts = parts();
        parts.solver = Objects.requireNonNull(newSolver, "solver");
        return parts.request();
    }

    /** The same with another method than the sampler's. */
    public Request withMethod(Method newMethod) {
        Parts parts = parts();
        parts.method = Objects.requireNonNull(newMethod, "method");
        return parts.request();
    }

    /**
     * The same with this start noise z_0, one finite value per element of a row. It is the start row of a
     * variance-preserving grid; that of any other, of sigmas for example, is sigma_0 z_0.
     */
    public Request withStart(float[] newStart) {
        Parts parts = parts();
        parts.start = finiteCopy("start noise", newStart);
        parts.sharedStart = null;
        return parts.request();
    }

    /**
     * The same with start noise that is read anew from the caller's memory whenever the request is sampled: for requests
     * that are made once and sampled again and again. It is not copied; do not change it while a call is under way. Values
     * that are not finite end the run with {@link Status#NON_FINITE}.
     *
     * @param newStart direct, in native order; from its position on one value per element of a row
     */
    public Request withStart(FloatBuffer newStart) {
        requireDirect("start noise", newStart);
        Parts parts = parts();
        parts.start = null;
        parts.sharedStart = newStart.slice();
        return parts.request();
    }

    /** What native code can read and write where it is. */
    static void requireDirect(String name, FloatBuffer buffer) {
        Require.that(buffer.isDirect() && buffer.order() == java.nio.ByteOrder.nativeOrder(), name, buffer,
                "a direct buffer in native order");
    }

    /** The same with this row noise: z_1 .. z_N one after the other, finite. */
    public Request withRowNoise(float[] newRowNoise) {
        Parts parts = parts();
        parts.rowNoise = finiteCopy("row noise", newRowNoise);
        return parts.request();
    }

    /**
     * The same, but beginning from an image (SDEdit, arXiv 2108.01073): the start row is alpha_0 image + sigma_0 z_0,
     * with the noise z_0 that would have been the start row, at the level of the grid's row 0. How much of the image is
     * left is the grid's matter: {@link dev.paraflux.schedule.TimeGrid#strength}.
     *
     * @param newImage one finite value per element of a row, in the model's own range
     */
    public Request withImage(float[] newImage) {
        Parts parts = parts();
        parts.image = finiteCopy("image", newImage);
        return parts.request();
    }

    /** The copy is checked, which nobody else can change. */
    private static float[] finiteCopy(String name, float[] values) {
        return values == null ? null : Require.finite(name, values.clone());
    }

    private static float[] copy(float[] values) {
        return values == null ? null : values.clone();
    }

    /** Of all noise that is not given. */
    public long seed() {
        return seed;
    }

    /** What to show. */
    public Condition condition() {
        return conditioning.condition();
    }

    /** What to show, how strongly, and where. */
    public Conditioning conditioning() {
        return conditioning;
    }

    /** The grid, or null for the sampler's. */
    public TimeGrid grid() {
        return grid;
    }

    /** The solver, or null for the sampler's. */
    public Solver solver() {
        return solver;
    }

    /** The method, or null for the sampler's. */
    public Method method() {
        return method;
    }

    /** A copy of the start noise, or null where it is drawn, or read from the caller's memory. */
    public float[] start() {
        return copy(start);
    }

    /** A copy of the row noise, or null. */
    public float[] rowNoise() {
        return copy(rowNoise);
    }

    /** A copy of the image, or null. */
    public float[] image() {
        return copy(image);
    }

    boolean hasStart() {
        return start != null || sharedStart != null;
    }

    boolean hasRowNoise() {
        return rowNoise != null;
    }

    /** Whether the start row is the noise, scaled. */
    boolean isPlain() {
        return image == null && conditioning.mask() == null;
    }

    /** The caller's start noise, at position 0, or null. */
    FloatBuffer sharedStart() {
        return sharedStart;
    }

    void readStart(float[] into) {
        if (sharedStart == null) {
            System.arraycopy(start, 0, into, 0, into.length);
        } else {
            sharedStart.get(0, into);
        }
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
        if (sharedStart != null && sharedStart.capacity() < dim) {
            throw new IllegalValueException("length of start noise", sharedStart.capacity(), dim + " or more");
        }
    }

    private static void requireLength(String name, float[] values, long length) {
        if (values != null) {
            Require.length(length, name, values.length);
        }
    }

    /** Whether the other asks for the same sample; arrays are compared by their values, the caller's memory by identity. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Request that && seed == that.seed && conditioning.equals(that.conditioning)
                && Objects.equals(grid, that.grid) && Objects.equals(solver, that.solver)
                && Objects.equals(method, that.method) && Arrays.equals(start, that.start)
                && sharedStart == that.sharedStart && Arrays.equals(rowNoise, that.rowNoise)
                && Arrays.equals(image, that.image);
    }

    @Override
    public int hashCode() {
        return Objects.hash(seed, conditioning, grid, solver, method, Arrays.hashCode(start), Arrays.hashCode(rowNoise),
                Arrays.hashCode(image));
    }

    @Override
    public String toString() {
        return "Request[seed " + Long.toUnsignedString(seed) + ", " + conditioning
                + (hasStart() ? ", given start" : "") + (rowNoise == null ? "" : ", given row noise")
                + (image == null ? "" : ", given image") + (grid == null ? "" : ", own grid")
                + (solver == null ? "" : ", own solver") + (method == null ? "" : ", own method") + "]";
    }
}
