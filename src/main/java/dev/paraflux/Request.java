package dev.paraflux;

import dev.paraflux.check.Require;
import dev.paraflux.method.Method;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.Mask;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
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
    private final Given given;

    private Request(long seed, Conditioning conditioning, TimeGrid grid, Solver solver, Method method, Given given) {
        this.seed = seed;
        this.conditioning = conditioning;
        this.grid = grid;
        this.solver = solver;
        this.method = method;
        this.given = given;
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
        return new Request(seed, Conditioning.of(Condition.none()), null, null, null, Given.NOTHING);
    }

    /** The same with another seed. */
    public Request withSeed(long newSeed) {
        return new Request(newSeed, conditioning, grid, solver, method, given);
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
        return new Request(seed, newConditioning, grid, solver, method, given);
    }

    /** The same on another grid than the sampler's: other steps, another strength. */
    public Request withGrid(TimeGrid newGrid) {
        return new Request(seed, conditioning, Objects.requireNonNull(newGrid, "grid"), solver, method, given);
    }

    /** The same with another solver than the sampler's. */
    public Request withSolver(Solver newSolver) {
        return new Request(seed, conditioning, grid, Objects.requireNonNull(newSolver, "solver"), method, given);
    }

    /** The same with another method than the sampler's. */
    public Request withMethod(Method newMethod) {
        return new Request(seed, conditioning, grid, solver, Objects.requireNonNull(newMethod, "method"), given);
    }

    /**
     * The same with this start noise z_0, one finite value per element of a row. It is the start row of a
     * variance-preserving grid; that of any other, of sigmas for example, is sigma_0 z_0.
     */
    public Request withStart(float[] newStart) {
        return with(given.withStart(newStart));
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
        return with(given.withStart(newStart));
    }

    /** What native code can read and write where it is. */
    static void requireDirect(String name, FloatBuffer buffer) {
        Objects.requireNonNull(buffer, name);
        Require.that(buffer.isDirect() && buffer.order() == ByteOrder.nativeOrder(), name, buffer,
                "a direct buffer in native order");
    }

    /** The same with this row noise: z_1 .. z_N one after the other, finite. */
    public Request withRowNoise(float[] newRowNoise) {
        return with(given.withRowNoise(newRowNoise));
    }

    /**
     * The same, but beginning from an image (SDEdit, arXiv 2108.01073): the start row is alpha_0 image + sigma_0 z_0,
     * with the noise z_0 that would have been the start row, at the level of the grid's row 0. How much of the image is
     * left is the grid's matter: {@link dev.paraflux.schedule.TimeGrid#strength}.
     *
     * @param newImage one finite value per element of a row, in the model's own range
     */
    public Request withImage(float[] newImage) {
        return with(given.withImage(newImage));
    }

    private Request with(Given newGiven) {
        return new Request(seed, conditioning, grid, solver, method, newGiven);
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
        return copy(given.start());
    }

    /** A copy of the row noise, or null. */
    public float[] rowNoise() {
        return copy(given.rowNoise());
    }

    /** A copy of the image, or null. */
    public float[] image() {
        return copy(given.image());
    }

    /** What it begins with, to be read only. */
    Given given() {
        return given;
    }

    /** Whether the start row is the noise, scaled. */
    boolean isPlain() {
        return given.image() == null && conditioning.mask() == null;
    }

    /**
     * Whether the other asks for the same sample; arrays are compared by their values, the caller's memory by identity.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof Request that && seed == that.seed && conditioning.equals(that.conditioning)
                && Objects.equals(grid, that.grid) && Objects.equals(solver, that.solver)
                && Objects.equals(method, that.method) && given.equals(that.given);
    }

    @Override
    public int hashCode() {
        return Objects.hash(seed, conditioning, grid, solver, method, given);
    }

    @Override
    public String toString() {
        return "Request[seed " + Long.toUnsignedString(seed) + ", " + conditioning + given
                + (grid == null ? "" : ", own grid") + (solver == null ? "" : ", own solver")
                + (method == null ? "" : ", own method") + "]";
    }
}
