package dev.paraflux;

import dev.paraflux.method.Solve;
import java.util.Arrays;
import java.util.Objects;

/** Where a run stands after a round. One object a run, updated in place. */
public final class Progress {
    private final Solve[] solves;
    private final boolean[] accepted;
    private int round;
    private int evaluations;
    private int finalRows;
    private int rows;

    Progress(Solve[] solves) {
        this.solves = solves;
        accepted = new boolean[solves.length];
    }

    void begin() {
        Arrays.fill(accepted, false);
    }

    boolean accepted(int sample) {
        return accepted[sample];
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

    /** Rows that no further round would change, of all samples together; see {@link Stats#finalRows()}. Never falls. */
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
     * How many answers, each better than the one before, a sample has had so far: of SRDS and CHORDS, whose answers
     * {@link #preview} shows. The first one is rough, each other one a refinement. 0 of methods that give one answer.
     *
     * @param sample 0 to {@link #samples()} - 1
     */
    public int answers(int sample) {
        return solves[Objects.checkIndex(sample, solves.length)].answers();
    }

    /**
     * Takes a sample as {@link #preview} shows it now: it ends with {@link Status#ACCEPTED}, the others go on. Does nothing
     * to a sample that has ended.
     *
     * @param sample 0 to {@link #samples()} - 1
     */
    public void accept(int sample) {
        accepted[Objects.checkIndex(sample, solves.length)] = true;
    }

    /**
     * Copies out what a sample looks like after this round: its last answer, or where there is none yet, the present value of
     * its row under way that is nearest to the sample.
     *
     * @param sample 0 to {@link #samples()} - 1
     * @param into   receives the values; as long as a row
     */
    public void preview(int sample, float[] into) {
        Solve solve = solves[Objects.checkIndex(sample, solves.length)];
        solve.result().read(solve.resultRow(), into);
    }
}
