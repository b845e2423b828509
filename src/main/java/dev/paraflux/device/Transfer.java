package dev.paraflux.device;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.util.Objects;

/** {@link Queue#transfer}: rows between a device and the host, whatever is wrong with them being said first. */
final class Transfer {
    private Transfer() {}

    /** One of the buffers is on the device. */
    static void run(Lane lane, Device device, Buffer from, int fromRow, Buffer to, int toRow, int rows) {
        Objects.checkFromIndexSize(fromRow, Require.atLeast(1, "rows", rows), from.rows());
        Objects.checkFromIndexSize(toRow, rows, to.rows());
        Buffer other = from.device() == device ? to : from;
        if (other.device() == device ? !device.isHost() : !other.device().isHost()) {
            throw new IllegalValueException("device", other.device(), "the host's");
        }
        if (from.dim() != to.dim()) {
            throw new IllegalValueException("dim", to.dim(), from.dim() + ", that of the rows that are copied");
        }
        from.acquire();
        try {
            to.acquire();
            try {
                lane.copy(to.address(toRow), from.address(fromRow), (long) rows * from.dim() * Float.BYTES);
            } finally {
                to.release();
            }
        } finally {
            from.release();
        }
    }
}
