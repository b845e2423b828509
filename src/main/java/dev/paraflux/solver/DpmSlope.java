package dev.paraflux.solver;

/** How much a step of second order of {@link DpmMultistep} and {@link DpmSinglestep} takes of the slope. */
public enum DpmSlope {
    /** Half of what it takes of the value, as in the paper's algorithms ({@code solver_type} "midpoint"). */
    MIDPOINT,
    /** The integral of a line ({@code solver_type} "heun"). */
    HEUN
}
