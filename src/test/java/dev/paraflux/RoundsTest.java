package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.ForwardingDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop: samples that end at different rounds, the rows that remain, and values that are not finite. */
class RoundsTest {
    private static final int DIM = 33;
    private static final int STEPS = 6;
    private static final TimeGrid GRID = TestGrids.linear(STEPS);

    @ParameterizedTest
    @CsvSource({"0, NaN", "3, NaN", "3, Infinity", "5, -Infinity"})
    void predictionThatIsNotFiniteEndsItsSampleInThatRound(int row, float value) {
        TestDenoisers.Recording model = spoiled(row, 2).spoilWith(value);
        List<Sample> samples = run(model, 4, 64);
        Sample spoiled = samples.get(2);
        assertEquals(Status.NON_FINITE, spoiled.status());
        assertEquals("in round " + (row + 1) + ", at row " + row + " (time " + GRID.level(row).time() + "): "
                + Status.NON_FINITE.advice(), spoiled.message());
        assertEquals(row + 1, spoiled.stats().rounds());
        assertEquals(row + 1, spoiled.stats().evaluations());
        String refusal = assertThrows(IllegalStateException.class, spoiled::values).getMessage();
        assertTrue(refusal.contains("at row " + row), refusal);
    }

    /** What lay in the memory of the predictions before is not taken for one. */
    @ParameterizedTest
    @CsvSource({"0, 0", "3, 0", "3, 32"})
    void predictionThatIsNotWrittenEndsItsSampleInThatRound(int row, int written) {
        TestDenoisers.Recording whole = TestDenoisers.bent(DIM);
        int[] call = {0};
        Denoiser model = new Forgetful(whole, () -> call[0]++ == row, written);
        Sample sample = run(model, 1, 64).get(0);
        assertEquals(Status.NON_FINITE, sample.status());
        assertTrue(sample.message().startsWith("in round " + (row + 1) + ", at row " + row), sample.message());
    }

    /** Writes only so many values of a row in some calls. */
    private static final class Forgetful extends ForwardingDenoiser {
        private final BooleanSupplier forgets;
        private final int written;

        Forgetful(Denoiser model, BooleanSupplier forgets, int written) {
            super(model);
            this.forgets = forgets;
            this.written = written;
        }

        @Override
        public void evaluate(Batch batch) {
            float[] before = new float[DIM];
            float[] after = new float[DIM];
            batch.predictions().read(batch.predictionRow(0), before);
            model.evaluate(batch);
            if (forgets.getAsBoolean()) {
                batch.predictions().read(batch.predictionRow(0), after);
                System.arraycopy(after, 0, before, 0, written);
                batch.predictions().write(batch.predictionRow(0), before);
            }
        }
    }

    /** The largest batch is a limit, not a size: rows that are gathered take the room that they need. */
    @Test
    void theLargestBatchIsNotAllocated() {
        int dim = 1 << 20;
        Denoiser idle = TestDenoisers.idle(dim);
        List<Request> three = List.of(Request.seed(1), Request.seed(2), Request.seed(3));
        // Once the second of three is taken the others are gathered. 65536 rows would be 512 GiB.
        try (Sampler sampler = Sampler.builder(idle, TestGrids.linear(3)).maxBatch(Sampler.Builder.MAX_BATCH).build()) {
            List<Sample> samples = sampler.sample(three,
                    RunOptions.defaults().withListener(progress -> progress.accept(1)));
            assertEquals(Status.COMPLETED, samples.get(2).status());
        }
    }

    /** Once sample 2 of 4 has ended, the others no longer lie side by side: rows are gathered and scattered. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64})
    void samplesAroundOneThatEndedAreNotChangedByABit(int maxBatch) {
        List<Sample> expected = run(TestDenoisers.bent(DIM), 4, 64);
        TestDenoisers.Recording model = spoiled(2, 2);
        List<Sample> samples = run(model, 4, maxBatch);
        for (int s : new int[] {0, 1, 3}) {
            assertEquals(Status.COMPLETED, samples.get(s).status());
            assertArrayEquals(expected.get(s).values(), samples.get(s).values(), "sample " + s);
            assertEquals(STEPS, samples.get(s).stats().rounds());
        }
        assertEquals(3 * STEPS + 3, model.levels().size(), "an ended sample is not evaluated");
    }

    @Test
    void runWhoseSamplesAllEndEarlyStops() {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM).spoil((level, condition) -> true);
        for (Sample sample : run(model, 3, 64)) {
            assertEquals(Status.NON_FINITE, sample.status());
        }
        assertEquals(1, model.calls());
    }

    /** Finite predictions, but x0 = (x - sigma eps) / alpha lies beyond the largest float: no image may come of that. */
    @Test
    void stateThatIsNotFiniteIsNoSample() {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM)
                .spoil((level, condition) -> level.equals(TestGrids.linear(1).level(0))
                        && condition.equals(Condition.label(1)))
                .spoilWith(3e38f);
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(1)).build()) {
            List<Sample> samples = sampler.sample(requests(2));
            assertEquals(Status.COMPLETED, samples.get(0).status());
            assertEquals(Status.NON_FINITE, samples.get(1).status());
            assertTrue(samples.get(1).message().startsWith("in round 1, at row 1 "), samples.get(1).message());
        }
    }

    @Test
    void largestPredictionsAreFinite() {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM)
                .spoil((level, condition) -> level.equals(GRID.level(STEPS - 1)))
                .spoilWith(Float.MAX_VALUE);
        for (Sample sample : run(model, 2, 64)) {
            assertEquals(Status.COMPLETED, sample.status());
        }
    }

    @Test
    void endedSamplesCountAsTheyStandInTheProgress() {
        List<Integer> finalRows = new ArrayList<>();
        try (Sampler sampler = Sampler.builder(spoiled(2, 1), GRID).build()) {
            sampler.sample(requests(2),
                    RunOptions.defaults().withListener(progress -> finalRows.add(progress.finalRows())));
        }
        assertEquals(List.of(2, 4, 5, 6, 7, 8), finalRows);
    }

    @Test
    void levelsAndConditionsReachTheModelRowByRow() {
        List<Condition> conditions = new ArrayList<>();
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        model.beforeCall(batch -> {
            for (int i = 0; i < batch.size(); i++) {
                conditions.add(batch.condition(i));
            }
        });
        run(model, 3, 2);
        for (int call = 0; call < STEPS; call++) {
            for (int s = 0; s < 3; s++) {
                NoiseLevel level = model.levels().get(3 * call + s);
                assertEquals(GRID.level(call), level);
                assertEquals(Condition.label(s), conditions.get(3 * call + s));
            }
        }
    }

    @Test
    void cancellationsFormAFamily() {
        Cancellation parent = new Cancellation();
        Cancellation child = new Cancellation(parent);
        Cancellation sibling = new Cancellation(parent);
        child.cancel();
        assertTrue(child.isCancelled());
        assertFalse(parent.isCancelled());
        assertFalse(sibling.isCancelled());
        parent.cancel();
        assertTrue(sibling.isCancelled());
    }

    private static TestDenoisers.Recording spoiled(int row, int label) {
        return TestDenoisers.bent(DIM).spoil((level, condition) -> level.equals(GRID.level(row))
                && condition.equals(Condition.label(label)));
    }

    private static List<Sample> run(Denoiser model, int samples, int maxBatch) {
        try (Sampler sampler = Sampler.builder(model, GRID).maxBatch(maxBatch).build()) {
            return sampler.sample(requests(samples));
        }
    }

    private static List<Request> requests(int samples) {
        List<Request> requests = new ArrayList<>();
        for (int s = 0; s < samples; s++) {
            requests.add(Request.seed(s).withLabel(s));
        }
        return requests;
    }
}
