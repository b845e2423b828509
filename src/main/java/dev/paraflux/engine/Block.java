package dev.paraflux.engine;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.HostMemory;
import dev.paraflux.device.Resources;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Solve;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory for some runs of one plan, side by side, so that the model can work in place: slots that are taken and given
 * back.
 */
final class Block implements AutoCloseable {
    private static final AtomicLong MADE = new AtomicLong();

    private final Resources resources = new Resources();
    private final Problem problem;
    private final Method.Workspace workspace;
    private final boolean[] taken;
    private final long number = MADE.getAndIncrement();
    private int free;

    Block(Plan plan, Device device, int slots, int dim) {
        Method.Workspace made = null;
        try {
            Buffer start = resources.allocate(device, slots, dim);
            int noiseRows = plan.system().noiseRows();
            Buffer noise = noiseRows == 0 ? null : resources.allocate(device, (long) slots * noiseRows, dim);
            problem = new Problem(plan.system(), device, slots, dim, start, noise);
            made = plan.method().allocate(problem);
            workspace = made;
            if (device.isHost()) {
                HostMemory.here().requireRoom(bytes(), "the rows of " + slots + (slots == 1 ? " sample" : " samples"));
            }
            taken = new boolean[slots];
            free = slots;
        } catch (Throwable e) {
            if (made != null) {
                made.close();
            }
            resources.close();
            throw e;
        }
    }

    /** In the order in which blocks were made. */
    long number() {
        return number;
    }

    Problem problem() {
        return problem;
    }

    Solve solve(int slot) {
        return workspace.solve(slot);
    }

    /** Bytes of its rows. */
    long bytes() {
        return resources.rowBytes() + workspace.bytes();
    }

    int slots() {
        return taken.length;
    }

    int free() {
        return free;
    }

    /** The lowest slot that is free; -1 if none is. */
    int take() {
        for (int s = 0; s < taken.length; s++) {
            if (!taken[s]) {
                taken[s] = true;
                free--;
                return s;
            }
        }
        return -1;
    }

    void give(int slot) {
        taken[slot] = false;
        free++;
    }

    @Override
    public void close() {
        workspace.close();
        resources.close();
    }
}
