package dev.paraflux.model;

import dev.paraflux.check.Require;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.device.Resources;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Random;

/**
 * Checks that a denoiser keeps the contract of {@link Denoiser}, before it is trusted with a run: call it once in a test
 * of your own.
 */
public final class DenoiserChecks {
    private static final int ROWS = 5;
    /** Of the largest value: what convolutions of other algorithms differ by, with room. */
    private static final double FLOAT_TOLERANCE = 1e-3;
    private static final double HALF_TOLERANCE = 1e-2;
    private static final double BFLOAT16_TOLERANCE = 5e-2;
    /** float32 has so many more bits of a number than these types. */
    private static final int BITS_BELOW_BFLOAT16 = 16;
    private static final int BITS_BELOW_HALF = 13;

    private final Denoiser denoiser;
    private final NoiseLevel[] levels = new NoiseLevel[ROWS];
    private final Conditioning asked;
    private final Buffer states;
    private final Buffer predictions;
    private final Queue queue;

    private DenoiserChecks(Denoiser denoiser, TimeGrid grid, Conditioning asked, Device device, Resources resources) {
        this.denoiser = denoiser;
        this.asked = asked;
        for (int i = 0; i < ROWS; i++) {
            levels[i] = grid.level((int) ((long) i * (grid.steps() - 1) / (ROWS - 1)));
        }
        states = resources.allocate(device, ROWS + 2, denoiser.dim());
        predictions = resources.allocate(device, ROWS + 2, denoiser.dim());
        queue = resources.add(device.queue());
    }

    /**
     * What was found.
     *
     * @param batchDifference largest difference between a row evaluated in a batch and alone, relative to the largest
     *                        value: 0 means that the batch a sample rides in does not change a bit
     */
    public record Report(double batchDifference) {}

    /**
     * Evaluates random rows over the whole grid and checks that predictions are finite, repeatable, the same for a row in
     * a batch and alone, and stay where they belong: states and the neighbours of the predictions untouched, no buffer kept
     * from call to call.
     *
     * <p>A row alone may differ by {@value #FLOAT_TOLERANCE} of the largest value, for the order of sums; by
     * {@value #HALF_TOLERANCE} if every prediction is a number of float16, and {@value #BFLOAT16_TOLERANCE} if of bfloat16,
     * since the model then calculates no better than that. Where a wrapper, or the model itself, calculates on from such
     * numbers in float32, nothing shows it: say the tolerance.
     *
     * @throws IllegalStateException if the denoiser breaks the contract; the message says where
     */
    public static Report verify(Denoiser denoiser, TimeGrid grid, Condition condition) {
        return verify(denoiser, grid, Conditioning.of(condition));
    }

    /** The same for all that a sample can ask for. */
    public static Report verify(Denoiser denoiser, TimeGrid grid, Conditioning asked) {
        return verify(denoiser, grid, asked, Device.cpu());
    }

    /**
     * The same of rows on a device.
     *
     * @param device one that the denoiser {@linkplain Denoiser#worksOn works on}
     * @throws IllegalArgumentException if it does not
     */
    public static Report verify(Denoiser denoiser, TimeGrid grid, Conditioning asked, Device device) {
        return verify(denoiser, grid, asked, device, OptionalDouble.empty());
    }

    /**
     * The same with a tolerance of one's own.
     *
     * @param batchTolerance how far a row alone may be from the same row in a batch, of the largest value; 0 to 1
     */
    public static Report verify(Denoiser denoiser, TimeGrid grid, Condition condition, double batchTolerance) {
        Require.between(0, 1, "batchTolerance", batchTolerance);
        return verify(denoiser, grid, Conditioning.of(condition), Device.cpu(), OptionalDouble.of(batchTolerance));
    }

    private static Report verify(Denoiser denoiser, TimeGrid grid, Conditioning asked, Device device,
            OptionalDouble tolerance) {
        Objects.requireNonNull(grid, "grid");
        Objects.requireNonNull(denoiser, "denoiser").requireLegal(Objects.requireNonNull(asked, "asked"));
        try (Resources resources = new Resources()) {
            return new DenoiserChecks(denoiser, grid, asked, device, resources).verify(tolerance);
        }
    }

    private Report verify(OptionalDouble asked) {
        float[][] inputs = randomRows();
        float[][] batch = evaluate(inputs, 1, ROWS);
        requireFinite(batch);
        require(Arrays.deepEquals(batch, evaluate(inputs, 1, ROWS)),
                "the same batch twice gives different predictions");
        double difference = 0;
        float largest = 0;
        for (int i = 0; i < ROWS; i++) {
            // Alone, and at another place in memory than in the batch: a kept buffer would show.
            float[] alone = evaluate(inputs, i + 1 == ROWS ? 1 : i + 2, i, i + 1)[0];
            for (int e = 0; e < alone.length; e++) {
                difference = Math.max(difference, Math.abs(alone[e] - batch[i][e]));
                largest = Math.max(largest, Math.abs(alone[e]));
            }
        }
        double relative = largest == 0 ? difference : difference / largest;
        double tolerance = asked.isPresent() ? asked.getAsDouble() : tolerance(batch);
        require(relative <= tolerance, "a row alone differs from the same row in a batch by " + relative
                + " of the largest value: at most " + tolerance + "; rows of a batch must be independent");
        return new Report(relative);
    }

    /** By the precision that the predictions have. */
    private static double tolerance(float[][] predictions) {
        if (areAllNumbersOf(BITS_BELOW_HALF, predictions)) {
            return areAllNumbersOf(BITS_BELOW_BFLOAT16, predictions) ? BFLOAT16_TOLERANCE : HALF_TOLERANCE;
        }
        return FLOAT_TOLERANCE;
    }

    private static boolean areAllNumbersOf(int unusedBits, float[][] rows) {
        for (float[] row : rows) {
            for (float value : row) {
                if ((Float.floatToRawIntBits(value) & (1 << unusedBits) - 1) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private float[][] evaluate(float[][] inputs, int firstRow, int count) {
        return evaluate(inputs, firstRow, 0, count);
    }

    private float[][] evaluate(float[][] inputs, int firstRow, int from, int to) {
        float[] canary = new float[denoiser.dim()];
        // Not a number, so that a prediction left unwritten, or half written, is found by the check for finite values.
        Arrays.fill(canary, Float.NaN);
        for (int row = 0; row < predictions.rows(); row++) {
            predictions.write(row, canary);
        }
        Batch batch = new Batch(to - from);
        batch.begin(queue, states, firstRow, predictions, firstRow);
        for (int i = from; i < to; i++) {
            states.write(firstRow + i - from, inputs[i]);
            batch.add(levels[i], asked);
        }
        batch.evaluateBy(denoiser);
        queue.await();
        float[][] result = new float[to - from][denoiser.dim()];
        float[] found = new float[denoiser.dim()];
        for (int row = 0; row < predictions.rows(); row++) {
            predictions.read(row, found);
            int i = row - firstRow;
            if (i >= 0 && i < to - from) {
                result[i] = found.clone();
                states.read(row, found);
                require(Arrays.equals(found, inputs[from + i]), "the denoiser changed the state of row " + i);
            } else {
                require(Arrays.equals(found, canary), "the denoiser wrote outside its predictions");
            }
        }
        return result;
    }

    private float[][] randomRows() {
        Random random = new Random(1);
        float[][] rows = new float[ROWS][denoiser.dim()];
        for (float[] row : rows) {
            for (int e = 0; e < row.length; e++) {
                row[e] = (float) random.nextGaussian();
            }
        }
        return rows;
    }

    private void requireFinite(float[][] rows) {
        for (int i = 0; i < rows.length; i++) {
            for (float value : rows[i]) {
                require(Float.isFinite(value), "the prediction at " + levels[i] + " is not finite, or was not written");
            }
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalStateException(message);
        }
    }
}
