package dev.paraflux.model.pretrained;

import dev.paraflux.check.Require;
import dev.paraflux.model.Batch;

/**
 * How rows are best given to a model, and how they can be given at all.
 *
 * @param least       fewest rows of one run, 1 or more; fewer are padded
 * @param most        most rows of one run, {@code least} or more
 * @param rowsAThread fewest rows that are worth a thread of their own, 1 or more
 * @param quickRows   rows of a run from which on a row gets no quicker, {@code rowsAThread} or more: larger calls are cut
 * @param quickValues values of all rows of a run, up to which more rows than that are taken: small ones; 0 or more
 * @param warmUps     runs that a number of rows needs before it is as quick as it gets, 0 or more: they are made ahead
 * @param oneTime     whether all rows of a run must have the same time
 */
public record Batching(int least, int most, int rowsAThread, int quickRows, int quickValues, int warmUps,
        boolean oneTime) {
    /** Any number of rows, at mixed times, each its own: parts of any size are as good, from 1 row on. */
    public static final Batching ANY = new Batching(1, Batch.MAX_ROWS, 1, Batch.MAX_ROWS, 0, 0, false);

    /** Checks the values. */
    public Batching {
        Require.between(1, Batch.MAX_ROWS, "least", least);
        Require.between(least, Batch.MAX_ROWS, "most", most);
        Require.atLeast(1, "rowsAThread", rowsAThread);
        Require.atLeast(rowsAThread, "quickRows", quickRows);
        Require.atLeast(0, "quickValues", quickValues);
        Require.atLeast(0, "warmUps", warmUps);
    }

    /** The same with other rows that a run can have. */
    public Batching within(int fewest, int largest) {
        return new Batching(fewest, largest, rowsAThread, quickRows, quickValues, warmUps, oneTime);
    }

    /** The same with other parts that calls are cut into. */
    public Batching parts(int leastAThread, int largestRows, int largestValues) {
        return new Batching(least, most, leastAThread, largestRows, largestValues, warmUps, oneTime);
    }

    /** The same where a new number of rows needs so many runs first. */
    public Batching warmedUp(int runs) {
        return new Batching(least, most, rowsAThread, quickRows, quickValues, runs, oneTime);
    }

    /** The same where all rows of a run must have one time. */
    public Batching atOneTime() {
        return new Batching(least, most, rowsAThread, quickRows, quickValues, warmUps, true);
    }
}
