package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.plan.OtherSteps;
import java.util.ArrayList;
import java.util.List;

/** Fewer steps by better solvers, for a model that is loaded: those that {@code --solver} and {@code --steps} would give. */
public final class OtherWork implements AutoCloseable {
    private static final List<SolverName> SOLVERS = List.of(SolverName.DPMPP_2M, SolverName.UNIPC_2,
            SolverName.DPMPP_3M);

    private final Loaded loaded;
    private final List<OtherSteps> steps = new ArrayList<>();

    private OtherWork(Loaded loaded) {
        this.loaded = loaded;
    }

    /** None. */
    static OtherWork none() {
        return new OtherWork(null);
    }

    /** Of all that suit the model. */
    static OtherWork of(Loaded loaded, ModelOptions model) {
        OtherWork work = new OtherWork(loaded);
        try {
            for (int count : OtherSteps.fewerThan(loaded.steps().grid().steps())) {
                for (SolverName solver : SOLVERS) {
                    work.add(model, solver, count);
                }
            }
            return work;
        } catch (RuntimeException | Error e) {
            work.close();
            throw e;
        }
    }

    /** Unless the scheduler is none for the solver. */
    private void add(ModelOptions model, SolverName solver, int count) {
        try {
            steps.add(model.other(loaded, solver, count));
        } catch (IllegalValueException e) {
            // There is nothing to be tried.
        }
    }

    /** The steps, fewest first. */
    public List<OtherSteps> steps() {
        return steps;
    }

    /** Closes what is around the model, which stays open. */
    @Override
    public void close() {
        for (OtherSteps other : steps) {
            if (other.model() != loaded.guided()) {
                other.model().close();
            }
        }
    }
}
