package dev.paraflux.fuzz;

import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.ForwardingDenoiser;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** A model that takes its time, throws for the rows of one label, and minds interrupts. */
final class FuzzedModel extends ForwardingDenoiser {
    /** Rows with this label make it throw. */
    static final int BAD = 9;

    /** What it throws for them. */
    static final class BadRow extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** What it throws where its thread was interrupted, which stays so. */
    static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final AtomicReference<Thread> user = new AtomicReference<>();

    FuzzedModel(Denoiser model) {
        super(model);
    }

    @Override
    public void evaluate(Batch batch) {
        if (!user.compareAndSet(null, Thread.currentThread())) {
            throw new AssertionError("two threads lead: " + user.get());
        }
        try {
            takeTime();
            for (int i = 0; i < batch.size(); i++) {
                if (batch.condition(i) instanceof Condition.Label label && label.label() == BAD
                        && batch.level(i).time() < 700) {
                    throw new BadRow();
                }
            }
            batch.evaluateBy(model);
        } finally {
            user.set(null);
        }
    }

    private static void takeTime() {
        switch (ThreadLocalRandom.current().nextInt(8)) {
            case 0 -> Thread.yield();
            case 1 -> LockSupport.parkNanos(20_000);
            default -> Thread.onSpinWait();
        }
        if (Thread.currentThread().isInterrupted() && ThreadLocalRandom.current().nextBoolean()) {
            throw new Interrupted();
        }
    }
}
