package dev.paraflux.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.schedule.TimeGrid;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every denoiser owes: inherit this, and say which denoiser. */
public abstract class DenoiserContract {
    private static final int ROWS = 6;
    private static final int CLOSES = 20;

    private Denoiser denoiser;
    private Queue queue;

    /** A new denoiser; the tests close it. */
    protected abstract Denoiser open();

    /** What rows of it may ask for, two or more. */
    protected abstract List<Conditioning> legal();

    /** What they may not. */
    protected abstract Conditioning illegal();

    protected static List<Conditioning> conditions(Condition... conditions) {
        return Stream.of(conditions).map(Conditioning::of).toList();
    }

    /** How far a row in a batch may be from the same row alone, of the largest value; 0 demands its bits. */
    protected double batchTolerance() {
        return 0;
    }

    /** Where the rows lie: a device that the denoiser {@linkplain Denoiser#worksOn works on}. */
    protected Device device() {
        return Device.cpu();
    }

    protected TimeGrid grid() {
        return TestGrids.linear(10);
    }

    @BeforeEach
    void openOne() {
        queue = device().queue();
        denoiser = open();
    }

    @AfterEach
    void closeIt() {
        if (denoiser != null) {
            denoiser.close();
        }
        if (queue != null) {
            queue.close();
        }
    }

    /** Rows of the host come without a queue, as they may. */
    private void begin(Batch batch, Buffer states, int state, Buffer predictions, int prediction) {
        batch.begin(device().isHost() ? null : queue, states, state, predictions, prediction);
    }

    @Test
    void checksPassForEveryCondition() {
        for (Conditioning condition : legal()) {
            double difference = DenoiserChecks.verify(denoiser, grid(), condition, device()).batchDifference();
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
        double largest = Stream.of(together)
                .flatMapToDouble(row -> IntStream.range(0, row.length).mapToDouble(e -> Math.abs(row[e]))).max()
                .orElseThrow();
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

    /** On a queue what it predicts is there for what the queue is given next: no wait in between. */
    @Test
    void rowsOfAQueueArePredictedAlike() {
        float[][] inputs = states();
        float[][] expected = evaluate(inputs, 0, ROWS);
        float[] found = new float[denoiser.dim()];
        assertTrue(denoiser.worksOn(Device.cpu()) && denoiser.worksOn(device()));
        try (Buffer states = device().allocate(ROWS, denoiser.dim());
                Buffer predictions = device().allocate(ROWS, denoiser.dim())) {
            Batch batch = new Batch(ROWS);
            for (int size : new int[] {ROWS, 2}) {
                batch.begin(queue, states, 0, predictions, 0);
                for (int i = 0; i < size; i++) {
                    queue.write(inputs[i], 0, states, i);
                    batch.add(grid().level(i), legal().get(i % legal().size()));
                }
                batch.evaluateBy(denoiser);
                queue.read(predictions, size - 1, found, 0);
                queue.await();
                assertArrayEquals(expected[size - 1], found, (float) batchTolerance() * 10, size + " rows");
            }
        }
    }

    @Test
    void useAfterCloseIsRefusedAndSecondCloseDoesNothing() throws NoSuchMethodException {
        float[][] states = states();
        evaluate(states, 0, 2);
        denoiser.close();
        assertDoesNotThrow(denoiser::close);
        if (denoiser.getClass().getMethod("close").getDeclaringClass() == Denoiser.class) {
            evaluate(states, 0, 2); // It has nothing to free, and goes on.
        } else {
            assertTrue(assertThrows(IllegalStateException.class, () -> evaluate(states, 0, 2), "use after close")
                    .getMessage().endsWith("is closed"), "says NAME is closed");
        }
    }

    @Test
    void batchesThatItCannotTakeAreRefusedBeforeAnythingIsTouched() {
        for (int[] dims : new int[][] {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {9, 9}}) {
            try (Buffer states = device().allocate(2, Math.max(1, denoiser.dim() + dims[0]));
                    Buffer predictions = device().allocate(2, Math.max(1, denoiser.dim() + dims[1]))) {
                if (states.dim() == denoiser.dim() && predictions.dim() == denoiser.dim()) {
                    continue;
                }
                Batch batch = new Batch(2);
                begin(batch, states, 0, predictions, 0);
                batch.add(grid().level(1), legal().get(0));
                String message = assertThrows(IllegalValueException.class, () -> denoiser.evaluate(batch)).getMessage();
                assertTrue(message.contains("must be " + denoiser.dim() + ", as the model's rows have"), message);
            }
        }
        assertTrue(assertThrows(IllegalStateException.class, () -> denoiser.evaluate(new Batch(1))).getMessage()
                .startsWith("the batch is empty"));
        evaluate(states(), 0, 2);
    }

    @Test
    void conditionsItCannotTakeAreRefusedByEvaluationToo() {
        try (Buffer rows = device().allocate(2, denoiser.dim())) {
            Batch batch = new Batch(1);
            begin(batch, rows, 0, rows, 1);
            batch.add(grid().level(1), illegal());
            assertThrows(IllegalArgumentException.class, () -> denoiser.evaluate(batch));
        }
        evaluate(states(), 0, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Batch.MAX_ROWS + 1, Integer.MAX_VALUE})
    void batchSizesThatNoCallHasAreRefused(int rows) {
        assertEquals("rows " + rows + ": must be 1 to " + Batch.MAX_ROWS,
                assertThrows(IllegalValueException.class, () -> denoiser.prepare(rows)).getMessage());
        evaluate(states(), 0, 2);
    }

    @Test
    void closedBuffersAreRefused() {
        for (boolean closesStates : new boolean[] {true, false}) {
            try (Buffer states = device().allocate(1, denoiser.dim());
                    Buffer predictions = device().allocate(1, denoiser.dim())) {
                Batch batch = new Batch(1);
                begin(batch, states, 0, predictions, 0);
                batch.add(grid().level(1), legal().get(0));
                (closesStates ? states : predictions).close();
                assertEquals("Buffer is closed",
                        assertThrows(IllegalStateException.class, () -> denoiser.evaluate(batch)).getMessage());
            }
        }
    }

    /** Buffers are freed at random moments of another thread's calls: refused while they are in use, and never a crash. */
    @Test
    void buffersThatAreClosedUnderACallAreKeptUntilItEnds() throws InterruptedException {
        for (int close = 0; close < CLOSES; close++) {
            Buffer states = device().allocate(ROWS, denoiser.dim());
            Buffer predictions = device().allocate(ROWS, denoiser.dim());
            Batch batch = new Batch(ROWS);
            begin(batch, states, 0, predictions, 0);
            for (int i = 0; i < ROWS; i++) {
                batch.add(grid().level(i), legal().get(i % legal().size()));
            }
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread calls = new Thread(() -> {
                try {
                    while (true) {
                        denoiser.evaluate(batch);
                        // Without a pause the buffers would hardly ever be free.
                        LockSupport.parkNanos(1);
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            calls.start();
            Thread.sleep(0, new Random(close).nextInt(1_000_000));
            closeWhenUnused(close % 2 == 0 ? states : predictions);
            calls.join();
            assertTrue(failure.get() instanceof IllegalStateException, String.valueOf(failure.get()));
            states.close();
            predictions.close();
        }
    }

    private static void closeWhenUnused(Buffer buffer) {
        while (true) {
            try {
                buffer.close();
                return;
            } catch (IllegalStateException e) {
                Thread.onSpinWait();
            }
        }
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
        try (Buffer states = device().allocate(to - from, denoiser.dim());
                Buffer predictions = device().allocate(to - from, denoiser.dim())) {
            Batch batch = new Batch(to - from);
            begin(batch, states, 0, predictions, 0);
            for (int i = from; i < to; i++) {
                states.write(i - from, inputs[i]);
                batch.add(grid().level(i), legal().get(i % legal().size()));
            }
            denoiser.evaluate(batch);
            queue.await();
            for (int i = 0; i < result.length; i++) {
                predictions.read(i, result[i]);
            }
        }
        return result;
    }
}
