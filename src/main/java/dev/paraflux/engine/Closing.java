package dev.paraflux.engine;

import java.util.function.Consumer;

/** The end of an engine: the line empties, then the memory is freed, by whoever closes or by the last to leave. */
final class Closing {
    private final Line line;
    private final Runnable free;
    private volatile boolean freeWhenOver;
    private boolean freed;

    /** @param free frees all memory */
    Closing(Line line, Runnable free) {
        this.line = line;
        this.free = free;
    }

    /**
     * @param nanos patience with what is under way
     * @param over  is told of calls that nobody waits for and that are over since they waited
     */
    void close(long nanos, Consumer<Call> over) {
        line.refuseCalls();
        boolean within = line.inCallback();
        boolean interrupted = !within && nanos > 0 && !awaitEmpty(nanos);
        for (Call call : line.giveUpAll()) {
            if (line.withdraw(call)) {
                over.accept(call);
            }
            if (call.thread != null) {
                call.wake();
            }
        }
        while (!within && !line.isEmpty()) {
            interrupted |= !awaitEmpty(Long.MAX_VALUE >> 1);
        }
        freeWhenOver = true;
        freeIfOver();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits so long at most; false if it was interrupted. */
    private boolean awaitEmpty(long nanos) {
        try {
            line.awaitEmpty(nanos);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Something has ended: after a close from within a run the last one frees the memory. */
    void closeUp() {
        line.announce();
        if (freeWhenOver) {
            freeIfOver();
        }
    }

    private synchronized void freeIfOver() {
        if (!freed && line.isEmpty()) {
            freed = true;
            free.run();
        }
    }
}
