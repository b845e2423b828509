package dev.paraflux.model.pretrained;

import dev.paraflux.check.Require;
import dev.paraflux.model.Batch;

/**
 * How rows are best given to a model, and how they can be given at all.
 *
 * @param least    fewest rows of one run, 1 or more; fewer are padded
 * @param most     most rows of one run, {@code least} or more
 * @param worth    rows that are worth a thread of their own, 1 or more
 * @param quick    rows of a run from which on a row gets no quicker, {@code worth} or more: larger calls are cut
 * @param quickest values of all rows of a run that go with it: of small rows more are taken at once
 * @param warmUps  runs that a number of rows needs before it is as quick as it gets, 0 or more: they are made ahead
 * @param oneTime  whether all rows of a run must have the same time
 */
public record Batching(int least, int most, int worth, int quick, int quickest, int warmUps, boolean oneTime) {
    /** Any number of rows, at mixed times, each its own: parts of any size are as good, from 1 row on. */
    public static final Batching ANY = new Batching(1, Batch.MAX_ROWS, 1, Batch.MAX_ROWS, 0, 0, false);

    /** Checks the values. */
    public Batching {
        Require.between(1, Batch.MAX_ROWS, "least", least);
        Require.between(least, Batch.MAX_ROWS, "most", most);
        Require.atLeast(1, "worth", worth);
        Require.atLeast(worth, "quick", quick);
        Require.atLeast(0, "quickest", quickest);
        Require.atLeast(0, "warmUps", warmUps);
    }

    /** The same with other rows that a run can have. */
    public Batching within(int fewest, int largest) {
        return new Batching(fewest, largest, worth, quick, quickest, warmUps, oneTime);
    }

    /** The same with other parts that calls are cut into. */
    public Batching parts(int worthAThread, int quickRows, int quickValues) {
        return new Batching(least, most, worthAThread, quickRows, quickValues, warmUps, oneTime);
    }

    /** The same where a new number of rows needs so many runs first. */
    public Batching warmedUp(int runs) {
        return new Batching(least, most, worth, quick, quickest, runs, oneTime);
    }

    /** The same where all rows of a run must have one time. */
    public Batching atOneTime() {
        return new Batching(least, most, worth, quick, quickest, warmUps, true);
    }
}
