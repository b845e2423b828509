package dev.paraflux.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class HeapRoomTest {
    private static final long HEAP = 512 << 20;

    private static String refused(long count, int bytesEach) {
        return assertThrows(IllegalValueException.class, () -> HeapRoom.require("steps", count, bytesEach, HEAP))
                .getMessage();
    }

    @Test
    void theSentenceSaysWhatWouldBeNeededAndWhatThereIs() {
        assertEquals(
                "steps 104857600: must be 1 to 2825636: each takes 190 bytes of the Java heap or more, so many 19000"
                        + " MiB, and it has 512 MiB (-Xmx)",
                refused(100 << 20, 190));
        assertEquals(
                "steps 9223372036854775807: must be 1 to 134217728: each takes 4 bytes of the Java heap or more, so"
                        + " many 35184372088832 MiB, and it has 512 MiB (-Xmx)",
                refused(Long.MAX_VALUE, 4));
    }

    @Test
    void bounds() {
        assertEquals("steps 0: must be 1 or more", refused(0, 190));
        assertEquals("steps -1: must be 1 or more", refused(-1, 190));
        assertEquals(2_825_636, HeapRoom.require("steps", 2_825_636, 190, HEAP));
        refused(2_825_637, 190);
        assertEquals(Integer.MAX_VALUE - 8, HeapRoom.require("steps", Integer.MAX_VALUE - 8, 4, Long.MAX_VALUE));
        assertThrows(IllegalValueException.class,
                () -> HeapRoom.require("steps", Integer.MAX_VALUE, 4, Long.MAX_VALUE));
    }
}
