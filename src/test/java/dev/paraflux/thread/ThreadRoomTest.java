package dev.paraflux.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThreadRoomTest {
    private final List<Thread> begun = new ArrayList<>();

    /** As in a process whose limit leaves so many. */
    private Thread begin(Runnable task, int room) {
        if (begun.size() == room) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        Thread thread = new Thread(task);
        thread.start();
        begun.add(thread);
        return thread;
    }

    private void requireEnded(int count) {
        assertEquals(count, begun.size());
        assertTrue(begun.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void asManyAsAreAskedForAreBegunAndEnded() {
        ThreadRoom.require(3, "a pool", task -> begin(task, 3));
        requireEnded(3);
        ThreadRoom.require(2, "a pool");
    }

    @Test
    void tooFewAreRefusedAndEnded() {
        OutOfMemoryError refusal = assertThrows(OutOfMemoryError.class,
                () -> ThreadRoom.require(3, "a pool", task -> begin(task, 2)));
        assertEquals("unable to create native threads: a pool takes 3 more, and this process can have 2",
                refusal.getMessage());
        requireEnded(2);
    }
}
