package dev.paraflux.method;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.RowTable;

/**
 * The solving of one sample, round by round. The driver repeats, until {@link #finished()}: {@link #request}, one model
 * call for the rows of all samples, then {@link #advance} until no sample adds a row. No call allocates.
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

    /** Whether the sample is done: converged, or all its rows final. */
    boolean finished();

    /** How many of the system's rows are final, 0 to N: a measure of progress. */
    int finalRows();

    /** Largest residual, root mean square over a row, among the rows that are not final; 0 for forward substitution. */
    double residual();

    /** The buffer of the sample once it is {@link #finished()}. */
    Buffer result();

    /** Where the sample lies in {@link #result()}. */
    int resultRow();
}
