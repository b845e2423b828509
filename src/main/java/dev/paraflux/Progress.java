package dev.paraflux;

import dev.paraflux.method.Solve;
import java.util.Objects;

/** Where a run stands after a round. One object a run, updated in place. */
public final class Progress {
    private final Solve[] solves;
    private int round;
    private int evaluations;
    private int finalRows;
    private int rows;

    Progress(Solve[] solves) {
        this.solves = solves;
    }

    void update(int newRound, int newEvaluations, int newFinalRows, int newRows) {
        round = newRound;
        evaluations = newEvaluations;
        finalRows = newFinalRows;
        rows = newRows;
    }

    /** Rounds so far, from 1. */
    public int round() {
        return round;
    }

    /** Evaluations so far, of all samples. */
    public int evaluations() {
        return evaluations;
    }

    /** Rows that are final, of all samples together. */
    public int finalRows() {
        return finalRows;
    }

    /** Rows there are, of all samples together. */
    public int rows() {
        return rows;
    }

    /** Number of samples. */
    public int samples() {
        return solves.length;
    }

    /**
     * Copies out what a sample looks like after this round: the present value of its last row under way.
     *
     * @param sample 0 to {@link #samples()} - 1
     * @param into   receives the values; as long as a row
     */
    public void preview(int sample, float[] into) {
        Solve solve = solves[Objects.checkIndex(sample, solves.length)];
        solve.result().read(solve.resultRow(), into);
    }
}
