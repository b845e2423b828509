package dev.paraflux.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who asks for the lock of the line: not those who wait while somebody leads, nor those who are done then. */
class LineLockTest {
    private static final int PATIENCE_SECONDS = 60;

    private final List<String> workers = new ArrayList<>();
    private final Line line = new Line(new Places(4), 4, () -> workers.add("worker"));

    private static Call call() {
        Call call = new Call() {};
        call.set();
        call.thread = Thread.currentThread();
        return call;
    }

    private static <T> T elsewhere(Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        Thread thread = new Thread(future);
        thread.setDaemon(true);
        thread.start();
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void nobodyWaitsForTheLockWhileSomebodyLeads() throws Exception {
        line.enter(call());
        assertTrue(line.takeLead());
        // Held by this thread: whoever asked for it would wait for ever.
        synchronized (line) {
            assertFalse(elsewhere(line::takeLead));
            elsewhere(() -> {
                line.wakeNext();
                line.announce();
                return null;
            });
        }
        assertTrue(workers.isEmpty());
    }

    /** Without a leader the line is looked at: the next one is found, and a closer told. */
    @Test
    void withoutALeaderSomebodyIsFound() throws Exception {
        Call unattended = call();
        unattended.thread = null;
        line.enter(unattended);
        elsewhere(() -> {
            line.wakeNext();
            return null;
        });
        assertFalse(workers.isEmpty());
        assertTrue(elsewhere(line::takeLead));
    }
}
