package dev.paraflux.device;

/** What a queue was given and has not been waited for: numbers and rows that will be there, and the memory for them. */
final class UnderWay {
    /** Bytes of numbers and rows, beyond which a queue waits of itself. */
    private static final long MAX_BYTES = 256L << 20;

    final Arena arena;
    final Answers answers;
    final ReadBacks reads;
    private final Lane lane;
    private long given;
    private long done;
    /** Of the first failure and the last: what was lost was given between. */
    private long lostAfter;
    private long failed;
    private boolean isCaptured;

    /** @param staging memory of the host that the device writes to and reads from */
    UnderWay(Queue queue, MemorySource staging, Lane lane) {
        this.lane = lane;
        arena = new Arena(staging, "what is under way");
        answers = new Answers(queue, arena);
        reads = new ReadBacks(arena);
    }

    /** Counts another run; its number. */
    long next() {
        return ++given;
    }

    /** Has work of others be captured. The queue's own is refused meanwhile: none of it would be there after a wait. */
    Lane.Captured capture(Runnable work) {
        requireNotCaptured();
        isCaptured = true;
        try {
            return lane.capture(work);
        } finally {
            isCaptured = false;
        }
    }

    /** Has what is given from now on wait for what another queue was given so far. */
    void follow(Queue other) {
        requireNotCaptured();
        other.lifetime.acquire();
        try {
            UnderWay its = other.underWay();
            its.requireNotCaptured();
            lane.follow(its.lane);
        } finally {
            other.lifetime.release();
        }
    }

    private void requireNotCaptured() {
        if (isCaptured) {
            throw new IllegalStateException(
                    "Queue is being captured: until that ends only other native code works on it");
        }
    }

    /** Waits for all runs, and hands over what they computed. */
    void await() {
        requireNotCaptured();
        settle();
        done = given;
    }

    /** Waits, and hands over what is there; what was asked for is lost where that fails. */
    private void settle() {
        try {
            lane.finish();
            answers.deliver();
            reads.deliver();
        } catch (RuntimeException | Error e) {
            answers.forget();
            reads.forget();
            lostAfter = failed == 0 ? done : lostAfter;
            failed = given;
            throw e;
        } finally {
            arena.clear();
        }
    }

    /** Comes before other work: waits where too much is under way, for those who never do. */
    void makeWay() {
        requireNotCaptured();
        if (arena.taken() > MAX_BYTES) {
            settle();
        }
    }

    /** Whether a run has been waited for. */
    boolean hasDone(long run) {
        return run <= done;
    }

    /** Whether what a run computed may be lost: work has failed before it was waited for, or before and after it. */
    boolean hasFailed(long run) {
        return run > lostAfter && run <= failed;
    }

    /** Gives the memory back. */
    void free() {
        arena.free();
    }
}
