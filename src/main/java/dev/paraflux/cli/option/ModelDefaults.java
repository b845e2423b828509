package dev.paraflux.cli.option;

import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.pipeline.PipelineSchedules;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.SchedulerSolver;
import dev.paraflux.solver.Solver;
import java.util.Optional;

/** What {@link ModelOptions} are where they were not given: as the model's card and the scheduler say. */
@FunctionalInterface
public interface ModelDefaults {
    /** Number of steps. */
    int steps();

    /** The scheduler in place of the one in the model's card. */
    default Optional<SchedulerConfig> scheduler() {
        return Optional.empty();
    }

    /** A scheduler with its steps spaced. */
    default SchedulerConfig spaced(SchedulerConfig config) {
        return config;
    }

    /** The solver that a scheduler names, in a pipeline or by itself. */
    default Solver solver(SchedulerConfig config, boolean inPipeline) {
        return inPipeline ? PipelineSchedules.solver(config) : SchedulerSolver.of(config);
    }

    /** Who asks for that solver, in words. */
    default String solverAskedBy(SchedulerConfig config) {
        return "the scheduler, " + config.scheduler().className() + ",";
    }

    default GuidanceOptions guidance(ModelCard card) {
        return GuidanceOptions.weight(card.defaultGuidance());
    }

    /** The model with the predicted sample kept in its range. */
    default Denoiser around(Denoiser model, SchedulerConfig config, TimeGrid grid, Solver solver) {
        return SchedulerSolver.around(model, config, grid, solver);
    }
}
