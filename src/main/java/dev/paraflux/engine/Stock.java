package dev.paraflux.engine;

import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import java.util.ArrayList;
import java.util.List;

/** The slots of one plan: taken when they are first needed, and kept for the next run. */
final class Stock implements AutoCloseable {
    private final Plan plan;
    private final Device device;
    private final int dim;
    private final int most;
    private final Lifetime owner;
    private final List<Block> blocks = new ArrayList<>();

    /** @param most slots that can ever be wanted at once */
    Stock(Plan plan, Device device, int dim, int most, Lifetime owner) {
        this.plan = plan;
        this.device = device;
        this.dim = dim;
        this.most = most;
        this.owner = owner;
    }

    Plan plan() {
        return plan;
    }

    /**
     * Makes sure that so many slots are free. While none is in use what there is becomes one block, so that it lies side by
     * side.
     */
    void reserve(int wanted) {
        int free = free();
        int slots = slots();
        if (free >= wanted && (blocks.size() <= 1 || free < slots)) {
            return;
        }
        if (free == slots) {
            close();
            add(Math.max(wanted, slots));
        } else {
            add(Math.max(wanted - free, Math.min(slots, most - slots)));
        }
    }

    private void add(int slots) {
        blocks.add(owner.own(() -> new Block(plan, device, slots, dim)));
    }

    /** Gives a run a slot, one of those reserved. */
    void place(Run run, long now) {
        for (int b = 0; b < blocks.size(); b++) {
            int slot = blocks.get(b).take();
            if (slot >= 0) {
                run.join(blocks.get(b), slot, now);
                return;
            }
        }
        throw new IllegalStateException("no slot was reserved");
    }

    boolean hasFree() {
        return free() > 0;
    }

    boolean isIdle() {
        return free() == slots();
    }

    private int free() {
        int free = 0;
        for (int b = 0; b < blocks.size(); b++) {
            free += blocks.get(b).free();
        }
        return free;
    }

    private int slots() {
        int slots = 0;
        for (int b = 0; b < blocks.size(); b++) {
            slots += blocks.get(b).slots();
        }
        return slots;
    }

    /** Bytes of all rows. */
    long bytes() {
        long bytes = 0;
        for (int b = 0; b < blocks.size(); b++) {
            bytes += blocks.get(b).bytes();
        }
        return bytes;
    }

    /** Frees the memory; no slot may be in use. */
    @Override
    public void close() {
        while (!blocks.isEmpty()) {
            blocks.get(blocks.size() - 1).close();
            blocks.remove(blocks.size() - 1);
        }
    }
}
