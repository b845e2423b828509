package dev.paraflux.device;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.nio.FloatBuffer;
import java.util.Objects;

/** The copies of a {@link Queue}, whose methods say what they do: what is wrong is said first, and the queue held meanwhile. */
final class RowCopies {
    private final Device device;
    private final Lane lane;
    private final UnderWay underWay;
    private final Lifetime queue;

    RowCopies(Device device, Lane lane, UnderWay underWay, Lifetime queue) {
        this.device = device;
        this.lane = lane;
        this.underWay = underWay;
        this.queue = queue;
    }

    void read(Buffer buffer, int row, float[] into, int offset) {
        begin(buffer);
        try {
            lane.copyOut(buffer, row, into, offset, underWay);
        } finally {
            queue.release();
        }
    }

    void read(Buffer buffer, int row, FloatBuffer into) {
        begin(buffer);
        try {
            lane.copyOut(buffer, row, into, underWay);
        } finally {
            queue.release();
        }
    }

    void write(float[] from, int offset, Buffer buffer, int row) {
        begin(buffer);
        try {
            lane.copyIn(from, offset, buffer, row, underWay);
        } finally {
            queue.release();
        }
    }

    void write(FloatBuffer from, Buffer buffer, int row) {
        begin(buffer);
        try {
            lane.copyIn(from, buffer, row, underWay);
        } finally {
            queue.release();
        }
    }

    void transfer(Buffer from, int fromRow, Buffer to, int toRow, int rows) {
        begin(from.device() == device ? from : to);
        try {
            Objects.checkFromIndexSize(fromRow, Require.atLeast(1, "rows", rows), from.rows());
            Objects.checkFromIndexSize(toRow, rows, to.rows());
            device.requireReached(other(from, to));
            if (from.dim() != to.dim()) {
                throw new IllegalValueException("dim", to.dim(), from.dim() + ", that of the rows that are copied");
            }
            copy(from, fromRow, to, toRow, rows);
        } finally {
            queue.release();
        }
    }

    /** Where the rows of a transfer lie that are not this device's. */
    private Device other(Buffer from, Buffer to) {
        return from.device() == device ? to.device() : from.device();
    }

    private void copy(Buffer from, int fromRow, Buffer to, int toRow, int rows) {
        from.acquire();
        try {
            to.acquire();
            try {
                lane.copy(to.address(toRow), from.address(fromRow), (long) rows * from.dim() * Float.BYTES,
                        other(from, to));
            } finally {
                to.release();
            }
        } finally {
            from.release();
        }
    }

    void spoil(Buffer buffer, int row, int rows) {
        begin(buffer);
        try {
            Objects.checkFromIndexSize(row, Require.atLeast(1, "rows", rows), buffer.rows());
            buffer.acquire();
            try {
                lane.spoil(buffer.address(row), (long) rows * buffer.dim() * Float.BYTES);
            } finally {
                buffer.release();
            }
        } finally {
            queue.release();
        }
    }

    private void begin(Buffer buffer) {
        queue.acquire();
        try {
            device.requireOwn(buffer.device());
            underWay.makeWay();
        } catch (RuntimeException | Error e) {
            queue.release();
            throw e;
        }
    }
}
