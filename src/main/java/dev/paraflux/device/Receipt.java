package dev.paraflux.device;

/** Which run of which queue a list's answers come from, so that they are read when they are there and not before. */
final class Receipt {
    private Queue queue;
    private long run;

    void give(Queue by, long number) {
        queue = by;
        run = number;
    }

    /** Whether the answers are to be those of a run. */
    boolean isOf(Queue by, long number) {
        return queue == by && run == number;
    }

    /** What was computed holds no longer. */
    void forget() {
        queue = null;
    }

    /** @param what names the answers, {@code call} what computes them */
    void require(String what, String call) {
        if (queue == null) {
            throw new IllegalStateException("no " + what + " was computed: call " + call + " first");
        }
        if (queue.underWay().hasFailed(run)) {
            throw new IllegalStateException("the " + what + " is lost: the queue's device has failed since");
        }
        if (!queue.underWay().hasDone(run)) {
            throw new IllegalStateException("the " + what + " is not there yet: call Queue.await first");
        }
    }
}
