package dev.paraflux.engine;

import dev.paraflux.device.Queue;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Solve;
import dev.paraflux.method.Work;
import dev.paraflux.model.Conditioning;

/**
 * One sample under way: in the line, then in a slot, then over. The engine counts; what a run begins with and what becomes
 * of its end is its subclass's matter. All is done on the thread that leads the rounds.
 */
public abstract class Run {
    private Plan plan;
    private Conditioning asked;
    Call call;
    Block block;
    int slot;
    Ending ending;
    /** What it begins with is written, some of it or all. */
    boolean writing;
    boolean written;
    /** It takes part in rounds. */
    boolean begun;
    private Solve solve;
    private int rounds;
    private boolean idle;
    private int evaluations;
    private int modelRows;
    private int nonFiniteRow;
    private long modelNanos;
    private long joinedNanos;

    /** Says what to solve and what to ask the model for. */
    protected final void set(Plan newPlan, Conditioning conditioning) {
        plan = newPlan;
        asked = conditioning;
        call = null;
        block = null;
        solve = null;
        ending = null;
        writing = false;
        written = false;
        begun = false;
        rounds = 0;
        idle = false;
        evaluations = 0;
        modelRows = 0;
        modelNanos = 0;
    }

    /** Writes into its place the first of the rows that it begins with, or the next one; whether there are more of them. */
    protected abstract boolean write(Problem problem, int place, Work work);

    /** Whether its caller takes it as it is. */
    protected abstract boolean isAccepted();

    /** It is about to leave: has the queue read what it hands over, which is there when {@link #end} is called. */
    protected abstract void fetch(Ending why, Queue queue);

    /** It has left. */
    protected abstract void end(Ending why);

    /** It never began, since its call was stopped while it was in the line. */
    protected abstract void endUnbegun();

    final void join(Block in, int place, long now) {
        block = in;
        slot = place;
        solve = in.solve(place);
        joinedNanos = now;
    }

    final void leave() {
        if (block != null) {
            block.give(slot);
            block = null;
        }
    }

    /** It cannot go on, nor can its call. */
    final void fail(Throwable e) {
        call.fail(e);
        ending = Ending.FAILED;
    }

    final void countRound() {
        rounds++;
    }

    /** The round that was stopped is not counted: its answers were not used. */
    final void uncountRound() {
        rounds--;
    }

    /**
     * Says how many rows it names in this round. One round may only write or measure; without end they would be.
     *
     * @throws IllegalStateException if there are none, for the second time in a row
     */
    final void named(int entries) {
        if (entries == 0 && idle) {
            throw new IllegalStateException(
                    "the method named no row to evaluate in rounds " + (rounds - 1) + " and " + rounds
                            + ", and is not finished: it would go on for ever; the method is " + plan.method());
        }
        idle = entries == 0;
    }

    final void countEvaluation(int rows) {
        evaluations++;
        modelRows += rows;
    }

    final void addModelNanos(long nanos) {
        modelNanos += nanos;
    }

    /** Notes the row that is not finite. */
    protected final void nonFiniteAt(int row) {
        nonFiniteRow = row;
    }

    /** What it solves, and how. */
    public final Plan plan() {
        return plan;
    }

    /** What the model is asked for. */
    public final Conditioning asked() {
        return asked;
    }

    /** Its work; null while it is in the line. */
    public final Solve solve() {
        return solve;
    }

    /** Rounds that it took part in. */
    public final int rounds() {
        return rounds;
    }

    /** Evaluations of its rows. */
    public final int evaluations() {
        return evaluations;
    }

    /** Model rows of these. */
    public final int modelRows() {
        return modelRows;
    }

    /** Time in the model in the rounds that it took part in. */
    public final long modelNanos() {
        return modelNanos;
    }

    /** When it left the line, by {@link System#nanoTime()}. */
    public final long joinedNanos() {
        return joinedNanos;
    }

    /** The row at which a prediction was not finite. */
    public final int nonFiniteRow() {
        return nonFiniteRow;
    }
}
