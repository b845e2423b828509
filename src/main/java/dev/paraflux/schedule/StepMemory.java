package dev.paraflux.schedule;

import dev.paraflux.check.HeapRoom;

/** Whether there can be room for the steps of a grid. */
final class StepMemory {
    /**
     * The level of a step, and the row of DDIM that leads to it, on a virtual machine with compressed references. Other solvers
     * take up to twice as much.
     */
    private static final int BYTES_A_STEP = 190;

    private StepMemory() {}

    /**
     * A number of steps that there may be room for.
     *
     * @throws dev.paraflux.check.IllegalValueException if it is below 1, or there is none
     */
    static int require(long steps) {
        return HeapRoom.require("steps", steps, BYTES_A_STEP);
    }
}
