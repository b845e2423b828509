package dev.paraflux.model;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.schedule.NoiseLevel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchTest {
    private static final NoiseLevel LEVEL = new NoiseLevel(1, 0.6, 0.8);

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
        batch.acquire(3);
        batch.acquire(3);
        batch.release();
        assertThrows(IllegalStateException.class, states::close);
        assertThrows(IllegalStateException.class, predictions::close);
        assertThrows(IllegalStateException.class, () -> batch.add(LEVEL, Condition.none()));
        assertThrows(IllegalStateException.class, () -> batch.begin(states, 0, predictions, 0));
        batch.release();
        assertThrows(IllegalStateException.class, batch::release);
        assertDoesNotThrow(states::close);
        assertEquals("Buffer is closed",
                assertThrows(IllegalStateException.class, () -> batch.acquire(3)).getMessage());
        assertDoesNotThrow(predictions::close);
    }

    /** Of two buffers the first must not stay held where the second cannot be. */
    @Test
    void aRefusedHoldHoldsNothing() {
        Batch batch = batch(1);
        predictions.close();
        assertThrows(IllegalStateException.class, () -> batch.acquire(3));
        assertDoesNotThrow(states::close);
    }

    @Test
    void predictionsOnTopOfStatesAreRefused() {
        Batch batch = new Batch(3);
        batch.begin(states, 0, states, 1);
        batch.add(LEVEL, Condition.none());
        batch.acquire(3);
        batch.release();
        batch.add(LEVEL, Condition.none());
        assertTrue(assertThrows(IllegalStateException.class, () -> batch.acquire(3)).getMessage()
                .contains("predictions of the batch lie on its states"));
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
