package dev.paraflux;

/** Where a run stands after a round. One object a run, updated in place. */
public final class Progress {
    private int round;
    private int evaluations;
    private int finalRows;
    private int rows;

    Progress() {}

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
}
