package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pieces never overlap and never reach beyond what they were taken from, the longest ones neither. */
class ArenaTest {
    private final long before = NativeMemory.allocatedBytes();
    private final Arena arena = new Arena(MemorySource.HOST, "a test");

    @AfterEach
    void allIsGivenBack() {
        arena.free();
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    @Test
    void piecesLieSideBySideFromMultiplesOf64() {
        assertEquals(0, arena.take(8));
        assertEquals(64, arena.take(65));
        assertEquals(192, arena.take(0));
        Arena.Block first = arena.block();
        assertEquals(192, arena.take(4096 - 192), "to the very end");
        assertEquals(first, arena.block());
        assertEquals(0, arena.take(1), "of another block");
        arena.clear();
        assertEquals(0, arena.take(8), "after the wait");
        assertEquals(8, arena.taken());
    }

    /** The longest row that there can be, whether memory was taken before or not. */
    @Test
    void theLongestRowIsAPiece() {
        long longest = Buffer.MAX_DIM * (long) Float.BYTES;
        for (int taken = 0; taken < 2; taken++) {
            assertEquals(0, arena.take(longest));
            assertTrue(arena.block().floats.capacity() >= Buffer.MAX_DIM, "its end is in the block");
            assertEquals(0, arena.take(8), "of another block");
            arena.clear();
        }
    }

    @Test
    void whatAViewCannotCountIsRefused() {
        arena.take(8);
        OutOfMemoryError error = assertThrows(OutOfMemoryError.class, () -> arena.take(1L << 31));
        assertEquals("no memory for a test: 2147483648 bytes in one piece, of which 2147483647 can be seen at once",
                error.getMessage());
        assertEquals(64, arena.take(8), "nothing was taken");
    }
}
