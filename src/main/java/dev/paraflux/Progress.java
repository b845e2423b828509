package dev.paraflux;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.engine.Engine;
import java.util.Arrays;
import java.util.Objects;

/** Where the samples of a call stand after a round. One object a call, updated in place. */
public final class Progress {
    private final SampleRun[] runs;
    private final Engine engine;
    private int round;

    Progress(SampleRun[] runs, Engine engine) {
        this.runs = runs;
        this.engine = engine;
    }

    void nextRound() {
        round++;
    }

    private SampleRun run(int sample) {
        return runs[Objects.checkIndex(sample, runs.length)];
    }

    /** Rounds so far, from 1. */
    public int round() {
        return round;
    }

    /** Evaluations so far, of all samples. */
    public int evaluations() {
        int sum = 0;
        for (SampleRun run : runs) {
            sum += run.evaluations();
        }
        return sum;
    }

    /** Rows that no further round would change, of all samples together; see {@link Stats#finalRows()}. Never falls. */
    public int finalRows() {
        int sum = 0;
        for (SampleRun run : runs) {
            sum += run.finalRows();
        }
        return sum;
    }

    /** Rows there are, of all samples together. */
    public int rows() {
        int sum = 0;
        for (SampleRun run : runs) {
            sum += run.systemRows();
        }
        return sum;
    }

    /**
     * Rows of one sample.
     *
     * @param sample 0 to {@link #samples()} - 1
     */
    public int rows(int sample) {
        return run(sample).systemRows();
    }

    /**
     * By how much a row of a sample misses its equation, root mean square: of a row under way in this round, of a final
     * one when it was taken. 0 where it followed from the rows before it; NaN where it is not measured or not finite, as
     * all rows are that methods without a window have not come to yet. The largest of them is {@link Stats#residual()} of
     * a sample all of whose rows are final.
     *
     * @param sample 0 to {@link #samples()} - 1
     * @param row    1 to {@link #rows(int)}
     */
    public double residual(int sample, int row) {
        SampleRun run = run(sample);
        Objects.checkIndex(row - 1, run.systemRows());
        return run.residual(row);
    }

    /** Number of samples. */
    public int samples() {
        return runs.length;
    }

    /**
     * How many answers, each better than the one before, a sample has had so far: of SRDS and CHORDS, whose answers
     * {@link #preview} shows. The first one is rough, each other one a refinement. 0 of methods that give one answer.
     *
     * @param sample 0 to {@link #samples()} - 1
     */
    public int answers(int sample) {
        return run(sample).answers();
    }

    /**
     * Takes a sample as {@link #preview} shows it now: it ends with {@link Status#ACCEPTED}, the others go on. Does nothing
     * to a sample that has ended, or not begun.
     *
     * @param sample 0 to {@link #samples()} - 1
     */
    public void accept(int sample) {
        if (isUnderWay(sample)) {
            run(sample).accept();
        }
    }

    /**
     * Copies out what a sample looks like after this round: its last answer, or where there is none yet, the present value of
     * its row under way that is nearest to the sample; once it has ended, its values, or NaN where it has none.
     *
     * @param sample 0 to {@link #samples()} - 1
     * @param into   receives the values at its start; as long as a row, or longer
     * @throws IndexOutOfBoundsException if there is no such sample
     * @throws IllegalArgumentException  if the array is shorter than a row
     */
    public void preview(int sample, float[] into) {
        SampleRun run = run(sample);
        if (into.length < run.dim()) {
            throw new IllegalValueException("length of into", into.length, run.dim() + " or more, as a row has");
        }
        if (run.hasEnded()) {
            if (run.sample() != null && run.sample().hasValues()) {
                System.arraycopy(run.sample().values(), 0, into, 0, run.sample().values().length);
            } else {
                Arrays.fill(into, Float.NaN);
            }
        } else if (run.isUnderWay()) {
            engine.peek(run.solve().result(), run.solve().resultRow(), into);
        } else {
            Arrays.fill(into, Float.NaN);
        }
    }

    /** Unless a sample is over, or has not begun: then {@link #preview} has nothing new to show. */
    boolean isUnderWay(int sample) {
        return run(sample).isUnderWay();
    }
}
