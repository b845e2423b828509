package dev.paraflux.thread;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** Whether a process can begin more threads, which limits of its user and of its container decide. */
public final class ThreadRoom {
    private static final long STACK_BYTES = 1 << 16;

    private ThreadRoom() {}

    /**
     * Refuses what would end the process where threads cannot be begun. They are begun, all at once, and ended: nobody tells
     * how many there can be.
     *
     * @param threads that somebody is about to begin
     * @param what    begins them, for the message
     * @throws OutOfMemoryError if there cannot be so many
     */
    public static void require(int threads, String what) {
        require(threads, what, task -> {
            Thread thread = Apart.thread(task, "paraflux-room", STACK_BYTES);
            thread.start();
            return thread;
        });
    }

    /** @param beginning begins a thread */
    static void require(int threads, String what, Function<Runnable, Thread> beginning) {
        CountDownLatch enough = new CountDownLatch(1);
        List<Thread> begun = new ArrayList<>();
        try {
            while (begun.size() < threads) {
                begun.add(beginning.apply(() -> await(enough)));
            }
        } catch (OutOfMemoryError e) {
            throw new OutOfMemoryError("unable to create native threads: " + what + " takes " + threads
                    + " more, and this process can have " + begun.size());
        } finally {
            enough.countDown();
            begun.forEach(ThreadRoom::end);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            // Nobody has a reason to.
        }
    }

    /** Once it is over, it counts no longer. */
    private static void end(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
