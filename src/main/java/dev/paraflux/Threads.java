package dev.paraflux;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A sampler's own threads: begun when they are first needed, ended when they have idled for some seconds. */
final class Threads implements Executor {
    /** A thread without work ends after so long. */
    private static final int IDLE_SECONDS = 10;

    private ThreadPoolExecutor workers;
    private ScheduledThreadPoolExecutor clock;
    private boolean closed;

    /**
     * Runs the task on a thread of its own.
     *
     * @throws RejectedExecutionException after {@link #close}
     */
    @Override
    public void execute(Runnable task) {
        workers().execute(task);
    }

    private synchronized ThreadPoolExecutor workers() {
        if (closed) {
            throw new RejectedExecutionException("Sampler is closed");
        }
        if (workers == null) {
            workers = new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS,
                    new SynchronousQueue<>(), daemon("paraflux-sampler"));
        }
        return workers;
    }

    /**
     * Runs a short task later, unless it is cancelled before.
     *
     * @throws IllegalStateException after {@link #close}
     */
    synchronized Future<?> after(long nanos, Runnable task) {
        if (closed) {
            throw new IllegalStateException("Sampler is closed");
        }
        if (clock == null) {
            clock = new ScheduledThreadPoolExecutor(1, daemon("paraflux-clock"));
            clock.setRemoveOnCancelPolicy(true);
            clock.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
            clock.allowCoreThreadTimeOut(true);
        }
        return clock.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    private static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** What was begun goes on. */
    synchronized void close() {
        closed = true;
        if (workers != null) {
            workers.shutdown();
        }
        if (clock != null) {
            clock.shutdownNow();
        }
    }
}
