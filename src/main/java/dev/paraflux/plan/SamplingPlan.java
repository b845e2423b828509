package dev.paraflux.plan;

import dev.paraflux.Sampler;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Device;
import dev.paraflux.json.Description;
import dev.paraflux.method.core.Decoder;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.SolverDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which method to draw samples by, and why. Made by {@link Planner}; it holds for that model, solver, grid and machine.
 *
 * @param problem   what it was made for
 * @param target    what was to be small
 * @param atOnce    samples that are drawn together, 1 or more
 * @param maxBatch  most evaluations of a model call
 * @param cost      of the model's calls
 * @param forecasts of every method, sequential sampling first
 * @param choice    the index of the best one, which can be chosen
 * @param advice    other steps that would do, if any do
 */
public record SamplingPlan(Problem problem, Target target, int atOnce, int maxBatch, ModelCost cost,
        List<Forecast> forecasts, int choice, Optional<Advice> advice) {

    /**
     * What a plan holds for.
     *
     * @param model   {@link Denoiser#identity}
     * @param solver  what {@link SolverDescription} says of it
     * @param levels  of the grid, as in {@link TimeGrid}
     * @param machine that it was made on
     */
    public record Problem(ModelIdentity model, Description solver, List<NoiseLevel> levels, Machine machine) {
        /** Copies the levels. */
        public Problem {
            Objects.requireNonNull(model, "model");
            Objects.requireNonNull(solver, "solver");
            levels = List.copyOf(levels);
            Require.atLeast(2, "number of levels", levels.size());
            Objects.requireNonNull(machine, "machine");
        }

        /** Steps of the grid. */
        public int steps() {
            return levels.size() - 1;
        }
    }

    /** Copies the forecasts, and checks the choice. */
    public SamplingPlan {
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(target, "target");
        Require.atLeast(1, "atOnce", atOnce);
        Require.between(1, Sampler.Builder.MAX_BATCH, "maxBatch", maxBatch);
        Objects.requireNonNull(cost, "cost");
        forecasts = List.copyOf(forecasts);
        Require.atLeast(1, "number of forecasts", forecasts.size());
        Require.that(forecasts.get(0).candidate().name().equals("sequential"), "first forecast",
                forecasts.get(0).candidate(), "that of sequential sampling");
        Require.between(0, forecasts.size() - 1, "choice", choice);
        Require.that(forecasts.get(choice).isChoice(), "choice", choice, "of a method that can be chosen");
        Objects.requireNonNull(advice, "advice");
    }

    /** What was chosen: a method of the steps that were asked about, or the other steps where they are taken. */
    public Forecast chosen() {
        return takesOthers() ? advice.get().forecast() : forecasts.get(choice);
    }

    /** Whether the advice is taken, so that samples are drawn by those steps. */
    public boolean takesOthers() {
        return advice.isPresent() && advice.get().taken();
    }

    /**
     * Begins a sampler by the chosen method. Of latents it is to look at pictures as the planner did: by {@link
     * Decoder#seenBy}. Where other steps are taken, these are the model, grid and solver to be given.
     *
     * @throws IllegalArgumentException if this is another model, solver, grid, device or machine than it was made for
     */
    public Sampler.Builder sampler(Denoiser model, TimeGrid grid, Solver solver, Device device) {
        require(takesOthers() ? advice.get().problem() : problem, model, grid, solver, device);
        return Sampler.builder(model, grid).solver(solver).method(chosen().candidate().method()).maxBatch(maxBatch)
                .device(device);
    }

    /**
     * Refuses what it was not made for: it was asked about this, whatever it chose.
     *
     * @throws IllegalArgumentException naming what is another
     */
    public void requireMadeFor(Denoiser model, TimeGrid grid, Solver solver, Device device) {
        require(problem, model, grid, solver, device);
    }

    private static void require(Problem problem, Denoiser model, TimeGrid grid, Solver solver, Device device) {
        require("model", problem.model, model.identity());
        require("number of steps", problem.steps(), grid.steps());
        for (int row = 0; row < problem.levels.size(); row++) {
            require("level " + row + " of the grid", problem.levels.get(row), grid.level(row));
        }
        require("solver", problem.solver, SolverDescription.of(solver));
        require("machine", problem.machine, Machine.of(device));
    }

    private static void require(String name, Object planned, Object given) {
        if (!planned.equals(given)) {
            throw new IllegalValueException(name, given, planned + ", as when the plan was made: make another one");
        }
    }

    /** A sentence or two: which method, what it gains, or why nothing is gained; and which other steps would do. */
    public String reason() {
        return new PlanReason(this).text();
    }

    /** All of it, as its file has it: for JSON. */
    public Map<String, Object> toMap() {
        return PlanFile.map(this);
    }

    /**
     * Reads a plan.
     *
     * @throws IOException              if the file cannot be read, or is no JSON
     * @throws IllegalArgumentException if something in it is not legal; the message names the file and the key
     */
    public static SamplingPlan read(Path file) throws IOException {
        return PlanFile.read(file);
    }

    /** Writes the plan, beside and then in place of what was there. */
    public void write(Path file) throws IOException {
        PlanFile.write(this, file);
    }
}
