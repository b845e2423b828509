package dev.paraflux.method;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import java.util.List;

/**
 * The solving of one sample, round by round. It computes nothing itself: it names rows, writes down what is to be computed
 * and decides from the numbers. A round of the engine, for all samples together, until each is {@link #finished()}:
 *
 * <pre>
 * request                  names the rows to evaluate; then the model is called
 * compute                  writes what the predictions determine, and what is to be measured; it is run, with one wait
 * judge                    reads the numbers, and decides; then weights are computed
 * advance                  writes what depends on numbers; it is run
 * </pre>
 *
 * <p>A sample may be ended at any point and begun anew. No call of a round allocates.
 */
public interface Solve {
    /**
     * Begins anew, with the noise that lies in the problem's buffers when the rows of {@code work} are run, and writes the
     * rows that follow from it without an evaluation.
     *
     * @param rounding how far predictions of the sample can be from what the model would say in exact numbers, as a share of
     *                 their root mean square, 0 or more: what differs by no more has settled
     */
    void restart(Work work, double rounding);

    /** Names the rows to evaluate in this round, at least one in any two: a run that names none would go on for ever, and fails. */
    void request(Round round);

    /**
     * Writes the rows that the predictions determine without further numbers, and what is to be measured. What the solve
     * tells of itself stays as it was until {@link #judge}.
     */
    default void compute(Work work) {}

    /** Reads what {@link #compute} wanted measured, and decides. */
    default void judge(Work work) {}

    /** Writes the rows that depend on what was decided, and on weights. */
    default void advance(RowProgram rows) {}

    /** Whether the sample is done: exact, converged, or at the limit of its rounds. */
    boolean finished();

    /**
     * Whether every row is final and follows from the rows before it to the bit, so that the sample is that of forward
     * substitution. By default whenever it is finished.
     */
    default boolean exact() {
        return finished();
    }

    /** Whether the method's tolerance is met, or the sample exact; when {@link #finished()} without it, at a limit. */
    default boolean converged() {
        return exact();
    }

    /**
     * Whether {@link #result()} is an answer, that is a sample, if not yet a good one, and no row on the way to it: what
     * remains of a run that is stopped. By default only when it is finished.
     */
    default boolean hasAnswer() {
        return finished();
    }

    /**
     * Whether the state that an entry of the round was evaluated at is final, so that a prediction there that is not finite
     * ends the sample.
     *
     * @param row           the entry's row in the system
     * @param predictionRow where its prediction lies
     */
    default boolean isFinal(int row, int predictionRow) {
        return true;
    }

    /**
     * How many rows, from the first on, no further round would change, 0 to N: a measure of progress, which never falls.
     * Rows of a window are final from when they were accepted; of a refined sample, those that are exact.
     */
    int finalRows();

    /**
     * By how much the rows miss their equations: the largest root mean square over a row of its first-order residual, for a
     * row that was taken as near enough when it was taken, for any other in the last round. 0 if, and only if, the sample
     * is {@link #exact()}; NaN where it is not measured: by default until then.
     */
    default double residual() {
        return exact() ? 0 : Double.NaN;
    }

    /**
     * By how much one row misses its equation, as {@link #residual()} has it for all: of a row under way in the last round,
     * of a final one when it was taken. 0 where it followed from the rows before it; NaN where it is not measured, or not
     * finite: by default for every row that is not final.
     *
     * @param row 1 to N
     */
    default double residual(int row) {
        return row <= finalRows() ? 0 : Double.NaN;
    }

    /** How the rows were updated so far, if the method tells. */
    default UpdateCounts updates() {
        return UpdateCounts.NONE;
    }

    /** How many answers, each better than the one before, the method has given so far; 0 if it gives but one. */
    default int answers() {
        return 0;
    }

    /** How much each answer differed from the one before it, in the stop rule's unit. */
    default List<Double> changes() {
        return List.of();
    }

    /** The buffer of the sample, once {@link #finished()}, and of what it looks like until then. */
    Buffer result();

    /** Where the sample lies in {@link #result()}. */
    int resultRow();

    /**
     * All rows, once {@link #finished()}; null if the method does not keep them.
     *
     * @param queue reads them, and waits for them
     */
    default Trajectory trajectory(Queue queue) {
        return null;
    }
}
