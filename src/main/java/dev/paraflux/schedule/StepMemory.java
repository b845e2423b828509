package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;

/**
 * Refuses more steps than Java's heap can hold, before anything is made of them: otherwise the garbage collector would be at
 * work for long, to the harm of everybody else in the process, and then give up.
 */
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
     * @throws IllegalValueException if it is below 1, or there is none
     */
    static int require(long steps) {
        return require(steps, Runtime.getRuntime().maxMemory());
    }

    static int require(long steps, long heapBytes) {
        long most = Math.min(Integer.MAX_VALUE - 1, heapBytes / BYTES_A_STEP);
        Require.that(steps >= 1, "steps", steps, "1 or more");
        if (steps > most) {
            throw new IllegalValueException("steps", steps, "1 to " + most + ": each takes " + BYTES_A_STEP
                    + " bytes of the Java heap or more, so many " + steps / (1 << 20) * BYTES_A_STEP
                    + " MiB, and it has " + (heapBytes >> 20) + " MiB (-Xmx)");
        }
        return (int) steps;
    }
}
