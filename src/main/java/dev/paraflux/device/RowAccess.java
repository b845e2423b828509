package dev.paraflux.device;

import java.nio.FloatBuffer;

/**
 * How the host reads and writes single rows of a block, whose rows lie one after the other; arguments have been checked.
 * What queues have yet to do there is not waited for.
 */
interface RowAccess {
    /** Copies a row to {@code into[offset .. offset + dim - 1]}. */
    void read(int row, float[] into, int offset);

    /** Copies a row to where the buffer's position is, which stays. */
    void read(int row, FloatBuffer into);

    /** Copies a row from {@code from[offset .. offset + dim - 1]}. */
    void write(int row, float[] from, int offset);

    /** Copies a row from where the buffer's position is, which stays. */
    void write(int row, FloatBuffer from);

    /** One value of a row. */
    float get(int row, int element);

    /** Sets one value of a row. */
    void put(int row, int element, float value);
}
