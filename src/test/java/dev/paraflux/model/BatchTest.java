package dev.paraflux.model;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestDenoisers;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.model.around.ForwardingDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchTest {
    private static final NoiseLevel LEVEL = new NoiseLevel(1, 0.6, 0.8);

    private final Denoiser model = TestDenoisers.idle(3);
    private final Buffer states = Device.cpu().allocate(4, 3);
    private final Buffer predictions = Device.cpu().allocate(4, 3);

    @AfterEach
    void close() {
        states.close();
        predictions.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Batch.MAX_ROWS + 1, 1_000_000_000, Integer.MAX_VALUE})
    void capacitiesThatNoCallHasAreRefused(int capacity) {
        assertEquals("capacity " + capacity + ": must be 1 to 262144",
                assertThrows(IllegalValueException.class, () -> new Batch(capacity)).getMessage());
    }

    @Test
    void rowsOutsideTheBuffersAreRefusedAndTheBatchStaysAsItWas() {
        Batch batch = batch(2);
        assertThrows(IndexOutOfBoundsException.class, () -> batch.begin(states, -1, predictions, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> batch.begin(states, 0, predictions, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> batch.begin(states, Integer.MAX_VALUE, predictions, 0));
        assertThrows(NullPointerException.class, () -> batch.begin(states, 0, null, 0));
        assertThrows(NullPointerException.class, () -> batch.add(LEVEL, (Conditioning) null));
        assertThrows(NullPointerException.class, () -> batch.add(LEVEL, (Condition) null));
        assertThrows(NullPointerException.class, () -> batch.add(null, Condition.none()));
        assertEquals(2, batch.size());
        assertEquals(1, batch.stateRow(1));
        Batch late = new Batch(4);
        late.begin(states, 3, predictions, 0);
        late.add(LEVEL, Condition.none());
        assertThrows(IllegalStateException.class, () -> late.add(LEVEL, Condition.none()));
        assertEquals(1, late.size());
        assertThrows(IllegalStateException.class, () -> new Batch(1).add(LEVEL, Condition.none()));
    }

    @Test
    void whileItIsHeldItsBuffersStayOpenAndItStaysAsItIs() {
        Batch batch = batch(2);
        batch.acquire(model);
        batch.acquire(model);
        batch.release();
        assertThrows(IllegalStateException.class, states::close);
        assertThrows(IllegalStateException.class, predictions::close);
        assertThrows(IllegalStateException.class, () -> batch.add(LEVEL, Condition.none()));
        assertThrows(IllegalStateException.class, () -> batch.begin(states, 0, predictions, 0));
        batch.release();
        assertThrows(IllegalStateException.class, batch::release);
        assertDoesNotThrow(states::close);
        assertEquals("Buffer is closed",
                assertThrows(IllegalStateException.class, () -> batch.acquire(model)).getMessage());
        assertDoesNotThrow(predictions::close);
    }

    /** Of two buffers the first must not stay held where the second cannot be. */
    @Test
    void aRefusedHoldHoldsNothing() {
        Batch batch = batch(1);
        predictions.close();
        assertThrows(IllegalStateException.class, () -> batch.acquire(model));
        assertDoesNotThrow(states::close);
    }

    @Test
    void predictionsOnTopOfStatesAreRefused() {
        Batch batch = new Batch(3);
        batch.begin(states, 0, states, 1);
        batch.add(LEVEL, Condition.none());
        batch.acquire(model);
        batch.release();
        batch.add(LEVEL, Condition.none());
        assertTrue(assertThrows(IllegalStateException.class, () -> batch.acquire(model)).getMessage()
                .contains("predictions of the batch lie on its states"));
    }

    @Test
    void rowsOfADeviceAreForModelsThatWorkThereAndComeWithAQueueOfIt() {
        CountingDevice device = new CountingDevice(false);
        try (Denoiser there = GaussianDenoiserTest.model(3);
                Buffer rows = device.allocate(4, 3);
                Queue queue = device.queue();
                Queue other = Device.cpu().queue()) {
            Batch batch = new Batch(1);
            assertEquals("device of the rows " + device + ": must be one where " + model
                    + " works: copy rows to Device.staging first, which is the host's",
                    refusal(batch, queue, rows, rows, model));
            assertEquals(
                    IllegalValueException.missing("queue", "one of " + device + ", where the rows are").getMessage(),
                    refusal(batch, null, rows, rows, there));
            assertEquals("device of the queue " + Device.cpu() + ": must be " + device + ", where the rows are",
                    refusal(batch, other, rows, rows, there));
            assertEquals("device of the predictions " + Device.cpu() + ": must be " + device + ", that of the states",
                    refusal(batch, queue, rows, predictions, there));
            assertEquals("device of the predictions " + device + ": must be " + Device.cpu() + ", that of the states",
                    refusal(batch, other, states, rows, there));
            assertEquals("device of the queue " + device + ": must be " + Device.cpu() + ", where the rows are",
                    refusal(batch, queue, states, predictions, there));
        }
    }

    private static String refusal(Batch batch, Queue queue, Buffer from, Buffer to, Denoiser model) {
        batch.begin(queue, from, 0, to, 2);
        batch.add(LEVEL, Condition.none());
        return assertThrows(IllegalValueException.class, () -> batch.evaluateBy(model)).getMessage();
    }

    /** A device's rows are not the host's to write: all of them are spoilt, in the order of the queue. */
    @Test
    void whatAModelLeavesUnwrittenShowsOnADeviceToo() {
        CountingDevice device = new CountingDevice(false);
        try (Buffer rows = device.allocate(4, 3); Queue queue = device.queue()) {
            Denoiser lazy = new ForwardingDenoiser(model) {
                @Override
                public boolean worksOn(Device where) {
                    return true;
                }

                @Override
                public void evaluate(Batch batch) {}
            };
            Batch batch = new Batch(1);
            batch.begin(queue, rows, 0, rows, 2);
            batch.add(LEVEL, Condition.none());
            batch.evaluateBy(lazy);
            queue.await();
            for (int e = 0; e < 3; e++) {
                assertTrue(Float.isNaN(rows.get(2, e)));
                assertEquals(0, rows.get(3, e), "its neighbour");
            }
        }
    }

    private Batch batch(int rows) {
        Batch batch = new Batch(3);
        batch.begin(states, 0, predictions, 0);
        for (int i = 0; i < rows; i++) {
            batch.add(LEVEL, Condition.none());
        }
        return batch;
    }
}
