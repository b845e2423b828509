package dev.paraflux.method;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.RowTable;
import java.util.List;

/**
 * The solving of one sample, round by round. The driver repeats, until {@link #finished()}: {@link #request}, one model
 * call for the rows of all samples, then {@link #advance} until no sample adds a row. No call of a round allocates.
 */
public interface Solve {
    /** Begins anew, with the noise that now lies in the problem's buffers. */
    void restart();

    /** Names the rows to evaluate in this round, at least one. */
    void request(Round round);

    /**
     * Adds to the table the rows that the predictions now determine, none if there is nothing left to do in this round.
     * The driver computes the table, then calls again. The rows of one call do not depend on each other.
     */
    void advance(RowTable table);

    /** Whether the sample is done: converged, or at the limit of its rounds. */
    boolean finished();

    /** Whether every row is final; when {@link #finished()} without it, the result is what was reached. */
    default boolean converged() {
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

    /** How many of the system's rows are final, 0 to N: a measure of progress. */
    int finalRows();

    /**
     * How far from the solution the sample may be. Of a window of rows: their largest first-order residual, root mean
     * square over a row, of those under way, or once all are final, that any was accepted with. Of a method that refines
     * its answer: the last change, in its stop rule's unit, or 0 once the answer is exact. 0 for forward substitution.
     */
    double residual();

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

    /** All rows, once {@link #finished()}; null if the method does not keep them. */
    default Trajectory trajectory() {
        return null;
    }
}
