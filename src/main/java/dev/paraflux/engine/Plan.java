package dev.paraflux.engine;

import dev.paraflux.method.Method;
import dev.paraflux.solver.TriangularSystem;

/**
 * What runs that can share memory have in common. Two plans are the same if they are one object.
 *
 * @param system the equations
 * @param method how they are solved; its settings suit the system
 */
public final class Plan {
    private final TriangularSystem system;
    private final Method method;

    /** The system and the method, which suit each other. */
    public Plan(TriangularSystem system, Method method) {
        this.system = system;
        this.method = method;
    }

    /** The equations. */
    public TriangularSystem system() {
        return system;
    }

    /** How they are solved. */
    public Method method() {
        return method;
    }
}
