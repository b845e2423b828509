package dev.paraflux.schedule;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a file says about the solver, as it says it: {@code dev.paraflux.solver.SchedulerSolver} makes a solver of it.
 *
 * @param className {@code _class_name}, known or not
 * @param order     {@code solver_order}
 * @param algorithm {@code algorithm_type}
 * @param type      {@code solver_type}
 */
public record SolverSettings(Optional<String> className, OptionalInt order, Optional<String> algorithm,
        Optional<String> type) {
    /** Nothing. */
    public static final SolverSettings NONE = new SolverSettings(Optional.empty(), OptionalInt.empty(),
            Optional.empty(), Optional.empty());

    /** Checks that there are no nulls. */
    public SolverSettings {
        Objects.requireNonNull(className, "className");
        Objects.requireNonNull(order, "order");
        Objects.requireNonNull(algorithm, "algorithm");
        Objects.requireNonNull(type, "type");
    }

    /** Of a class, with all its defaults. */
    public static SolverSettings of(SchedulerClass scheduler) {
        return new SolverSettings(Optional.of(scheduler.className()), OptionalInt.empty(), Optional.empty(),
                Optional.empty());
    }
}
