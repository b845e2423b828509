package dev.paraflux.engine;

import dev.paraflux.device.Queue;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Work;
import java.util.concurrent.atomic.AtomicInteger;

/** A call that counts what becomes of it. */
final class StressCall extends Call {
    private final AtomicInteger over = new AtomicInteger();
    private final AtomicInteger unbegun = new AtomicInteger();
    private volatile boolean stopped;

    StressCall(int runs) {
        Run[] made = new Run[runs];
        for (int i = 0; i < runs; i++) {
            made[i] = new StressRun();
        }
        set(made);
    }

    /** A call that this thread waits for. */
    StressCall waitedFor() {
        thread = Thread.currentThread();
        return this;
    }

    void stop() {
        stopped = true;
    }

    /** What {@link Line} answered: whether it is over now. */
    void isOver(boolean now) {
        if (now) {
            over.incrementAndGet();
        }
    }

    /** How often it was over. */
    int timesOver() {
        return over.get();
    }

    /** Runs that never began. */
    int unbegun() {
        return unbegun.get();
    }

    @Override
    protected boolean isStopped() {
        return stopped;
    }

    private final class StressRun extends Run {
        @Override
        protected boolean write(Problem problem, int place, Work work) {
            return false;
        }

        @Override
        protected boolean isAccepted() {
            return false;
        }

        @Override
        protected void fetch(Ending why, Queue queue) {}

        @Override
        protected void end(Ending why) {}

        @Override
        protected void endUnbegun() {
            unbegun.incrementAndGet();
        }
    }
}
