package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/** A thing is closed at random moments while another thread works with it: one of the two is refused. */
public final class CloseRace {
    private final Random random = new Random(7);

    /** Closes the thing under work that goes on until it is refused because the thing is closed. */
    public void run(String name, AutoCloseable thing, Runnable work) throws Exception {
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread worker = new Thread(() -> {
            try {
                while (true) {
                    work.run();
                }
            } catch (Throwable stop) {
                end.set(stop);
            }
        });
        worker.start();
        boolean closed = false;
        while (!closed) {
            Thread.sleep(0, random.nextInt(200_000));
            try {
                thing.close();
                closed = true;
            } catch (IllegalStateException inUse) {
                assertTrue(inUse.getMessage().contains("in use"), name + ": " + inUse);
                assertTrue(worker.isAlive(), name + ": a refused close ended the work: " + end.get());
            }
        }
        worker.join();
        assertEquals(IllegalStateException.class, end.get().getClass(), name + ": " + end.get());
        assertTrue(end.get().getMessage().endsWith("is closed"), name + ": " + end.get());
        thing.close();
    }
}
