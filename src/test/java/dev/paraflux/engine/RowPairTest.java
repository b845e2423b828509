package dev.paraflux.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.device.NativeMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Memory of a batch: both halves of it or none, whichever there is no memory for. */
class RowPairTest {
    private static final int MOST = 20;
    private static final int NEVER = 100;

    private final long before = NativeMemory.allocatedBytes();
    private int taken;
    private int failing = NEVER;
    private final Lifetime owner = new Lifetime("RowPairTest");
    private final RowPair pair = new RowPair(owner, (resources, rows) -> {
        if (taken++ == failing) {
            throw new OutOfMemoryError("planted");
        }
        return resources.allocate(Device.cpu(), rows, 3);
    });

    @AfterEach
    void allIsGivenBack() {
        pair.close();
        owner.close();
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    private void assertRows(int rows) {
        assertEquals(rows, pair.states().rows());
        assertEquals(rows, pair.predictions().rows());
        assertTrue(pair.holds(rows));
        assertFalse(pair.holds(rows + 1));
    }

    @Test
    void itGrowsToTwiceWhatIsNeededAndToTheMostAtMost() {
        pair.makeRoom(3, MOST);
        assertRows(4);
        Buffer first = pair.states();
        pair.makeRoom(4, MOST);
        assertSame(first, pair.states());
        pair.makeRoom(6, MOST);
        assertRows(8);
        pair.makeRoom(17, MOST);
        assertRows(MOST);
    }

    @Test
    void whereThereIsNoMemoryForOneOfThemThereIsNoneAndFewerRowsAreHad() {
        for (int half = 0; half < 2; half++) {
            pair.makeRoom(2, MOST);
            failing = taken + half;
            assertThrows(OutOfMemoryError.class, () -> pair.makeRoom(16, MOST));
            assertEquals(before, NativeMemory.allocatedBytes());
            assertNull(pair.states());
            assertNull(pair.predictions());
            failing = NEVER;
            pair.makeRoom(1, MOST);
            assertRows(2);
        }
    }
}
