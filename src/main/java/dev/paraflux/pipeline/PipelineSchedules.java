package dev.paraflux.pipeline;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.schedule.FlowSigmas;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.SchedulerClass;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.solver.SchedulerSolver;
import dev.paraflux.solver.Solver;

/** What diffusers' pipelines make of a schedule, beside what its class does. */
public final class PipelineSchedules {
    private static final double MAX_SHIFT = 1.16;

    private PipelineSchedules() {}

    /**
     * The schedule of a folder as diffusers' pipelines of a class correct it, whatever its file says. One that comes from
     * elsewhere stays as it is, there and here.
     */
    static SchedulerConfig ofFolder(PipelineKind kind, String className, SchedulerConfig config) {
        if (kind != PipelineKind.STABLE_DIFFUSION) {
            return config;
        }
        SchedulerConfig offset = set(config, "steps_offset", 1);
        return className.contains("Inpaint") ? set(offset, "skip_prk_steps", true) : set(offset, "clip_sample", false);
    }

    private static SchedulerConfig set(SchedulerConfig config, String key, Object value) {
        Object found = config.settings().values().get(key);
        return found == null || found.equals(value) ? config : config.with(key, value);
    }

    /** See {@link Pipeline#suited}; the shape is that of the latents. */
    static SchedulerConfig suited(PipelineFolder folder, int[] shape, SchedulerConfig config) {
        int patch = folder.denoiser().patch();
        // What Stable Diffusion 3 says where a scheduler knows of no such key.
        boolean silent = config.shiftsByLength() && !config.scheduler().isFlow()
                && !config.settings().gives("max_shift");
        SchedulerConfig shifted = silent ? config.with("max_shift", MAX_SHIFT) : config;
        SchedulerConfig sized = shifted.needsSequenceLength()
                ? shifted.withSequenceLength(shape[1] / patch * (shape[2] / patch)) : shifted;
        boolean flows = sized.scheduler().isFlow() && sized.scheduler() != SchedulerClass.FLOW_HEUN
                && sized.flowSigmas().isEmpty();
        return flows ? sized.withFlowSigmas(FlowSigmas.SCHEDULER) : sized;
    }

    /**
     * The solver that a schedule names. Where it leaves a share of fresh noise to the caller that is 0, which diffusers'
     * pipelines say where nothing is said (TCD by itself has 0.3).
     *
     * @throws IllegalValueException naming keys of the schedule that do not go together
     */
    public static Solver solver(SchedulerConfig config) {
        return config.scheduler() == SchedulerClass.TCD ? SchedulerSolver.of(config, 0) : SchedulerSolver.of(config);
    }

    /**
     * Whether the model of a folder may be what another schedule says that it predicts: noise, the sample and v are what files
     * are corrected in; a model of flow matching is none of these.
     */
    public static boolean predictsAs(PipelineFolder folder, SchedulerConfig other) {
        return (folder.scheduler().prediction() == Prediction.FLOW) == (other.prediction() == Prediction.FLOW);
    }

    static void requirePredictsAs(PipelineFolder folder, SchedulerConfig other) {
        if (!predictsAs(folder, other)) {
            throw new IllegalValueException("prediction_type", other.prediction(), folder.scheduler().prediction()
                    + ", as pipeline " + folder.folder() + " predicts by its own scheduler");
        }
    }
}
