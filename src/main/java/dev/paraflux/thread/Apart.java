package dev.paraflux.thread;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Makes threads that inherit nothing of their maker, and does work on one. For what begins threads or shutdown hooks that last
 * as long as the process: they inherit in their turn, and would keep the class loader of whoever came first, such as an
 * application of a server that shares the library among several, from being collected once that application has ended.
 */
public final class Apart {
    /** From this version of Java on a thread keeps no classes of those who were on the stack when it was made. */
    private static final int KEEPS_NO_STACK = 24;

    private Apart() {}

    /**
     * Does it, and returns when it is done. An interrupt does not end it, and is kept.
     *
     * @param thread     the name of the thread
     * @param stackBytes of it; 0 for what threads have by default
     * @param work       whose class must not be one that is just being initialized: another thread cannot use that
     * @throws ExecutionException of what it threw
     * @throws OutOfMemoryError   if there can be no more threads
     */
    public static <T> T call(String thread, long stackBytes, Callable<T> work) throws ExecutionException {
        FutureTask<T> task = new FutureTask<>(work);
        thread(task, thread, stackBytes).start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * A thread that inherits nothing of who makes it, a daemon, and not begun yet.
     *
     * @param stackBytes as in {@link #call}
     */
    @SuppressWarnings("removal")
    public static Thread thread(Runnable task, String name, long stackBytes) {
        PrivilegedAction<Thread> making = () -> new Thread(null, task, name, stackBytes, false);
        Thread thread = Runtime.version().feature() < KEEPS_NO_STACK ? AccessController.doPrivileged(making)
                : making.run();
        thread.setContextClassLoader(Apart.class.getClassLoader());
        thread.setDaemon(true);
        return thread;
    }
}
