package dev.paraflux.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.device.Device;
import dev.paraflux.device.NativeMemory;
import dev.paraflux.device.Queue;
import dev.paraflux.device.Resources;
import dev.paraflux.device.Warnings;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianDenoiserTest;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.UnwantedException;
import dev.paraflux.model.around.ForwardingDenoiser;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Copies of a model on two devices share calls whose rows lie on one of them: nobody waits, whatever happens. */
@Timeout(60)
class SpreadDeviceTest extends LabelledContract {
    private static final int DIM = 6;
    private static final int ROWS = 7;

    private final CountingDevice home = new CountingDevice(false);
    private final CountingDevice away = new CountingDevice(false);
    private final long before = NativeMemory.allocatedBytes();
    private final Resources resources = new Resources();
    private final Copy[] copies = {new Copy(), new Copy(), new Copy()};
    /** Two at home, a queue each, and one away. */
    private final Denoiser spread = SpreadDenoiser.of(List.of(ModelCopy.of(copies[0], away),
            ModelCopy.of(copies[1], home), ModelCopy.of(copies[2], home).withShare(2))).owning();
    private Queue queue;
    private Buffer rows;

    /** An exact model that says on what it was asked, and may do something first. */
    private static final class Copy extends ForwardingDenoiser {
        private Consumer<Batch> first = batch -> {};
        private Queue askedOn;

        Copy() {
            super(GaussianDenoiserTest.model(DIM));
        }

        @Override
        public void evaluate(Batch batch) {
            askedOn = batch.queue();
            first.accept(batch);
            model.evaluate(batch);
        }
    }

    @Override
    protected Denoiser open() {
        return SpreadDenoiser.of(List.of(ModelCopy.of(GaussianDenoiserTest.model(DIM), away),
                ModelCopy.of(GaussianDenoiserTest.model(DIM), home))).owning();
    }

    @Override
    protected Device device() {
        return home;
    }

    @BeforeEach
    void makeRows() {
        queue = resources.add(home.queue());
        rows = resources.allocate(home, 2 * ROWS, DIM);
    }

    @AfterEach
    void free() {
        spread.close();
        resources.close();
    }

    private Batch batch() {
        Batch batch = new Batch(ROWS);
        batch.begin(queue, rows, 0, rows, ROWS);
        for (int i = 0; i < ROWS; i++) {
            float[] state = new float[DIM];
            state[i % DIM] = i;
            rows.write(i, state);
            batch.add(TestGrids.linear(10).level(i), Condition.label(i));
        }
        return batch;
    }

    private float[][] predictions() {
        float[][] found = new float[ROWS][DIM];
        for (int i = 0; i < ROWS; i++) {
            rows.read(ROWS + i, found[i]);
        }
        return found;
    }

    private float[][] expected() {
        try (Denoiser one = GaussianDenoiserTest.model(DIM)) {
            batch().evaluateBy(one);
            return predictions();
        }
    }

    @Test
    void aCallIsEvaluatedWhereItsRowsAreAndBroughtElsewhereAndNobodyWaits() {
        float[][] expected = expected();
        spread.prepare(ROWS);
        spread.evaluate(batch());
        home.reset();
        away.reset();
        spread.evaluate(batch());
        assertArrayEquals(expected, predictions());
        assertEquals(0, home.waits() + away.waits() + home.waitsForAll() + away.waitsForAll());
        // Predictions are spoilt first: one of each copy.
        assertEquals(List.of(3, 2), List.of(away.copies(), home.copies()), "states there, predictions back");
        assertEquals(List.of(1, 3), List.of(away.follows(), home.follows()), "both ways for two of the copies");
        assertEquals(List.of(2, 5), List.of(away.programRows(), home.programRows()));
        assertEquals(List.of(1, 2), List.of(away.programs(), home.programs()));
        assertEquals(0, home.queues() + away.queues(), "they stay");
        assertSame(queue, copies[1].askedOn);
        assertSame(home, copies[2].askedOn.device());
        assertNotSame(queue, copies[2].askedOn);
        assertSame(away, copies[0].askedOn.device());
    }

    /** The host's come without a queue, and each copy takes them as they are. */
    @Test
    void rowsOfTheHostGoToEveryCopyFromThere() {
        Device host = Device.cpu();
        float[][] expected = expected();
        try (Buffer there = host.allocate(2 * ROWS, DIM)) {
            Batch batch = new Batch(ROWS);
            batch.begin(there, 0, there, ROWS);
            for (int i = 0; i < ROWS; i++) {
                float[] state = new float[DIM];
                rows.read(i, state);
                there.write(i, state);
                batch.add(TestGrids.linear(10).level(i), Condition.label(i));
            }
            home.reset();
            spread.evaluate(batch);
            for (int i = 0; i < ROWS; i++) {
                float[] found = new float[DIM];
                there.read(ROWS + i, found);
                assertArrayEquals(expected[i], found);
            }
            assertEquals(0, home.calls() + home.follows());
        }
    }

    @Test
    void itWorksWhereAllOfItsCopiesReach() {
        Denoiser ofTheHost = GaussianDenoiserTest.model(DIM);
        assertTrue(spread.worksOn(home) && spread.worksOn(away) && spread.worksOn(new CountingDevice(false)));
        assertTrue(spread.worksOn(Device.cpu()) && spread.worksOn(new CountingDevice()));
        try (Denoiser mixed = SpreadDenoiser.of(List.of(ModelCopy.of(ofTheHost),
                ModelCopy.of(GaussianDenoiserTest.model(DIM), home))).owning()) {
            assertTrue(mixed.worksOn(Device.cpu()));
            assertFalse(mixed.worksOn(home), "one of them has the host's rows alone");
        }
    }

    /** The queue of the rows waits for what the others have begun all the same, and the next call is one like any other. */
    @Test
    void whatACopyFailsWithEndsTheCallInTheOrderOfTheQueues() {
        float[][] expected = expected();
        spread.evaluate(batch());
        Throwable[] failures = {new IllegalStateException("planted"), new OutOfMemoryError("planted"),
                new UnwantedException()};
        for (Throwable failure : failures) {
            for (Copy copy : copies) {
                copy.first = batch -> {
                    if (failure instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) failure;
                };
                home.reset();
                away.reset();
                assertSame(failure, assertThrows(Throwable.class, () -> batch().evaluateBy(spread)));
                assertEquals(List.of(1, 3), List.of(away.follows(), home.follows()));
                assertEquals(0, home.waits() + away.waits());
                copy.first = batch -> {};
                spread.evaluate(batch());
                assertArrayEquals(expected, predictions());
            }
        }
    }

    /** A queue that is never waited for would keep what was given to it; one call in many waits for what has long been done. */
    @Test
    void queuesOfItsOwnAreWaitedForNowAndThen() {
        Batch batch = batch();
        for (int call = 0; call < 200; call++) {
            spread.evaluate(batch);
        }
        assertEquals(3, away.waits());
        assertEquals(3, home.waits());
    }

    @Test
    void memoryThatADeviceHasNotMakesCallsSmaller() {
        List<Request> requests = IntStream.range(0, 8).mapToObj(i -> Request.seed(i).withLabel(i)).toList();
        List<Sample> expected = draw(requests);
        try (Denoiser one = open()) {
            // There is enough for what the model itself keeps there.
            away.limit(12);
            away.reset();
            assertThrows(OutOfMemoryError.class, () -> one.evaluate(of(26)));
            assertEquals(0, away.copies());
            one.evaluate(of(24));
            assertEquals(2, away.copies(), "of states, and of predictions");
        }
        List<Sample> found;
        try (Warnings warnings = new Warnings()) {
            found = draw(requests);
            assertFalse(warnings.naming("no memory for a model call of").isEmpty(), "it is said");
        }
        for (int i = 0; i < requests.size(); i++) {
            assertArrayEquals(expected.get(i).values(), found.get(i).values(), "request " + i);
        }
        resources.close();
        spread.close();
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    private Batch of(int size) {
        Buffer many = resources.allocate(home, 2 * size, DIM);
        Batch batch = new Batch(size);
        batch.begin(queue, many, 0, many, size);
        for (int i = 0; i < size; i++) {
            batch.add(TestGrids.linear(10).level(5), Condition.label(1));
        }
        return batch;
    }

    private List<Sample> draw(List<Request> requests) {
        try (Denoiser model = open();
                Sampler sampler = Sampler.builder(model, TestGrids.linear(10)).method(ParaTaa.defaults()).device(home)
                        .build()) {
            return sampler.sample(requests, RunOptions.defaults());
        }
    }

    @Test
    void copiesAreMeasuredWhereTheyWork() {
        copies[0].first = batch -> {
            try {
                Thread.sleep(40);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        List<ModelCopy> measured = ModelCopy.measured(List.of(ModelCopy.of(copies[0], away),
                ModelCopy.of(copies[1], home)), TestGrids.linear(10), Conditioning.of(Condition.none()), 2);
        assertTrue(measured.get(0).share() < 50 && measured.get(0).share() < measured.get(1).share(),
                measured.toString());
        assertSame(away, copies[0].askedOn.device());
        assertSame(home, copies[1].askedOn.device());
    }
}
