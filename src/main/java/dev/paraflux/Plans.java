package dev.paraflux;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.engine.Plan;
import dev.paraflux.method.Method;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.List;

/**
 * What a grid, a solver and a method make of a model: one plan for all requests that name the same, so that they share
 * memory. Thread-safe; a plan that is known is found without garbage.
 */
final class Plans {
    /** Plans that are remembered; beyond, the one that was asked for least lately is made anew when it is met again. */
    private static final int REMEMBERED = 64;

    private final Denoiser denoiser;
    private final int dim;
    private final Entry first;
    private final List<Entry> recent = new ArrayList<>();

    private record Entry(TimeGrid grid, Solver solver, Method method, Plan plan) {
        boolean is(TimeGrid otherGrid, Solver otherSolver, Method otherMethod) {
            return (grid == otherGrid || grid.equals(otherGrid))
                    && (solver == otherSolver || solver.equals(otherSolver))
                    && (method == otherMethod || method.equals(otherMethod));
        }
    }

    /**
     * @param grid   for requests that name none, ...
     * @param solver ... and the solver, ...
     * @param method ... and the method
     * @throws IllegalArgumentException if the solver does not suit the grid or the model, or the method the solver
     */
    Plans(Denoiser denoiser, TimeGrid grid, Solver solver, Method method) {
        this.denoiser = denoiser;
        dim = denoiser.dim();
        first = make(grid, solver, method);
    }

    /** The plan of a request that names nothing. */
    Plan usual() {
        return first.plan;
    }

    /**
     * The plan of a request.
     *
     * @throws IllegalArgumentException if what it names does not suit the rest
     */
    Plan of(Request request) {
        if (request.grid() == null && request.solver() == null && request.method() == null) {
            return first.plan;
        }
        if (denoiser.servesOneGrid() && (request.grid() != null && !request.grid().isEndOf(first.grid)
                || request.solver() != null)) {
            throw new IllegalValueException(request.grid() != null ? "grid" : "solver",
                    request.grid() != null ? request.grid() : request.solver(),
                    "the sampler's, "
                            + (request.grid() != null ? "or the end of it, " : "")
                            + "since the clipping around the model is a part of its steps");
        }
        return of(request.grid() == null ? first.grid : request.grid(),
                request.solver() == null ? first.solver : request.solver(),
                request.method() == null ? first.method : request.method());
    }

    private synchronized Plan of(TimeGrid grid, Solver solver, Method method) {
        if (first.is(grid, solver, method)) {
            return first.plan;
        }
        for (int i = 0; i < recent.size(); i++) {
            Entry entry = recent.get(i);
            if (entry.is(grid, solver, method)) {
                if (i > 0) {
                    recent.remove(i);
                    recent.add(0, entry);
                }
                return entry.plan;
            }
        }
        Entry made = make(grid, solver, method);
        if (recent.size() == REMEMBERED) {
            recent.remove(REMEMBERED - 1);
        }
        recent.add(0, made);
        return made.plan;
    }

    private Entry make(TimeGrid grid, Solver solver, Method method) {
        TriangularSystem system = solver.checkedSystem(grid, denoiser.prediction()).withStartScale(grid.startScale());
        for (int row = 0; row < system.rows(); row++) {
            if (system.evaluated(row)) {
                denoiser.requireLegal(system.level(row));
            }
        }
        method.requireSuits(system, dim);
        return new Entry(grid, solver, method, new Plan(system, method));
    }
}
