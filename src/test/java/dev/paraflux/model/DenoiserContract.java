package dev.paraflux.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every denoiser owes: inherit this, and say which denoiser. */
abstract class DenoiserContract {
    private static final int ROWS = 6;

    private Denoiser denoiser;

    /** A new denoiser; the tests close it. */
    protected abstract Denoiser open();

    /** Conditions it takes, two or more, among which {@link Condition#none()}. */
    protected abstract List<Condition> legal();

    /** A condition it does not take. */
    protected abstract Condition illegal();

    /** How far a row in a batch may be from the same row alone, of the largest value; 0 demands its bits. */
    protected double batchTolerance() {
        return 0;
    }

    protected TimeGrid grid() {
        return TestGrids.linear(10);
    }

    @BeforeEach
    void openOne() {
        denoiser = open();
    }

    @AfterEach
    void closeIt() {
        denoiser.close();
    }

    @Test
    void checksPassForEveryCondition() {
        for (Condition condition : legal()) {
            double difference = DenoiserChecks.verify(denoiser, grid(), condition).batchDifference();
            assertTrue(difference <= batchTolerance(), condition + ": a row in a batch differs by " + difference);
        }
    }

    @Test
    void shapeIsACopyAndDimItsProduct() {
        int[] shape = denoiser.shape();
        assertEquals(Arrays.stream(shape).reduce(1, (a, b) -> a * b), denoiser.dim());
        int first = shape[0];
        shape[0] = -1;
        assertEquals(first, denoiser.shape()[0]);
    }

    @Test
    void conditionsItCannotTakeAreRefusedByName() {
        legal().forEach(condition -> assertDoesNotThrow(() -> denoiser.requireLegal(condition)));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> denoiser.requireLegal(illegal())).getMessage()
                .length() > 20, "an explanation");
    }

    @Test
    void rowsOfABatchHaveTheirOwnLevelAndCondition() {
        float[][] states = states();
        float[][] together = evaluate(states, 0, ROWS);
        float largest = 0;
        for (float[] row : together) {
            for (float value : row) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        for (int i = 0; i < ROWS; i++) {
            assertArrayEquals(together[i], evaluate(states, i, i + 1)[0], (float) (batchTolerance() * largest),
                    "row " + i);
        }
    }

    @Test
    void batchesMayGrowAndShrinkWhateverWasPrepared() {
        float[][] states = states();
        float[][] expected = evaluate(states, 0, ROWS);
        denoiser.prepare(2);
        for (int size : new int[] {1, 2, ROWS, 3, ROWS}) {
            float[][] found = evaluate(states, 0, size);
            for (int i = 0; i < size; i++) {
                assertArrayEquals(expected[i], found[i], (float) batchTolerance() * 10, size + " rows, row " + i);
            }
        }
    }

    @Test
    void useAfterCloseIsRefusedAndSecondCloseDoesNothing() {
        float[][] states = states();
        evaluate(states, 0, 2);
        denoiser.close();
        assertDoesNotThrow(denoiser::close);
        String message = assertThrows(IllegalStateException.class, () -> evaluate(states, 0, 2)).getMessage();
        assertTrue(message.endsWith("is closed"), message);
    }

    private float[][] states() {
        Random random = new Random(5);
        float[][] states = new float[ROWS][denoiser.dim()];
        for (float[] row : states) {
            for (int e = 0; e < row.length; e++) {
                row[e] = (float) random.nextGaussian();
            }
        }
        return states;
    }

    /** Row i stands at level i and takes the conditions in turn. */
    private float[][] evaluate(float[][] inputs, int from, int to) {
        float[][] result = new float[to - from][denoiser.dim()];
        try (Buffer states = Device.cpu().allocate(to - from, denoiser.dim());
                Buffer predictions = Device.cpu().allocate(to - from, denoiser.dim())) {
            Batch batch = new Batch(to - from);
            batch.begin(states, 0, predictions, 0);
            for (int i = from; i < to; i++) {
                states.write(i - from, inputs[i]);
                batch.add(grid().level(i), legal().get(i % legal().size()));
            }
            denoiser.evaluate(batch);
            for (int i = 0; i < result.length; i++) {
                predictions.read(i, result[i]);
            }
        }
        return result;
    }
}
