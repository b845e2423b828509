package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.check.IllegalValueException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps of one's own: the steps that a scheduler would take by itself, told to it, change nothing. */
class CustomStepsTest {
    private static SchedulerConfig config(SchedulerClass scheduler, Map<String, Object> keys) {
        SchedulerConfig config = new SchedulerConfig(NoiseSchedule.scaledLinear(1000, 0.00085, 0.012),
                Prediction.EPSILON,
                Spacing.TRAILING, 0, FinalAlpha.ONE).as(scheduler);
        for (Map.Entry<String, Object> key : keys.entrySet()) {
            config = config.with(key.getKey(), key.getValue());
        }
        return config;
    }

    private static double[] times(TimeGrid grid) {
        return IntStream.range(0, grid.steps()).mapToDouble(i -> grid.level(i).time()).toArray();
    }

    private static void assertSameGrid(TimeGrid expected, TimeGrid found) {
        assertEquals(expected.steps(), found.steps());
        assertEquals(expected.startScale(), found.startScale(), 1e-12);
        for (int i = 0; i <= expected.steps(); i++) {
            assertEquals(expected.level(i).time(), found.level(i).time(), 1e-6, "time of row " + i);
            assertEquals(expected.level(i).alpha(), found.level(i).alpha(), 1e-12, "alpha of row " + i);
            assertEquals(expected.level(i).sigma(), found.level(i).sigma(), 1e-12, "sigma of row " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {"OWN", "DDPM", "DDPM_PARALLEL", "EULER", "HEUN", "DPM_MULTISTEP", "DPM_SINGLESTEP", "LCM", "TCD"})
    void itsOwnTimesAreItsOwnGrid(SchedulerClass scheduler) {
        for (int steps : new int[] {1, 2, 7, 25}) {
            SchedulerConfig config = config(scheduler, Map.of());
            TimeGrid grid = config.grid(steps);
            SchedulerConfig custom = config.withSteps(CustomSteps.ofTimes(times(grid)));
            assertEquals(OptionalInt.of(steps), custom.customSteps());
            assertSameGrid(grid, custom.grid(steps));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OWN", "EULER"})
    void itsOwnSigmasAreItsOwnGrid(SchedulerClass scheduler) {
        SchedulerConfig config = config(scheduler, Map.of("final_sigmas_type", "sigma_min"));
        TimeGrid grid = config.grid(9);
        double[] sigmas = grid.levels().stream().mapToDouble(NoiseLevel::ratio).toArray();
        SchedulerConfig custom = config.withSteps(CustomSteps.ofSigmas(sigmas));
        assertEquals(OptionalInt.of(9), custom.customSteps());
        assertSameGrid(grid, custom.grid(9));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 3})
    void flowMatchingShiftsWhatItIsGiven(double shift) {
        SchedulerConfig config = config(SchedulerClass.FLOW_EULER, Map.of("shift", shift))
                .withFlowSigmas(FlowSigmas.PIPELINE);
        double[] taus = IntStream.range(0, 6).mapToDouble(i -> (6 - i) / 6.0).toArray();
        assertSameGrid(config.grid(6), config.withSteps(CustomSteps.ofSigmas(taus)).grid(6));
        double[] times = IntStream.range(0, 6).mapToDouble(i -> 1000 * taus[i]).toArray();
        assertSameGrid(config.grid(6), config.withSteps(CustomSteps.ofTimes(times)).grid(6));
    }

    @Test
    void startNoiseGoesByTheSpacing() {
        CustomSteps steps = AlignYourSteps.STABLE_DIFFUSION.sigmas();
        SchedulerConfig config = config(SchedulerClass.EULER, Map.of()).withSteps(steps);
        assertEquals(14.615 / Math.hypot(1, 14.615), config.grid(10).startScale(), 1e-12);
        assertEquals(1, config.withSpacing(Spacing.LEADING).grid(10).startScale());
    }

    @Test
    void theyStayAsTheSchedulerChanges() {
        SchedulerConfig euler = config(SchedulerClass.EULER, Map.of())
                .withSteps(AlignYourSteps.STABLE_DIFFUSION_XL.times());
        TimeGrid dpm = euler.as(SchedulerClass.DPM_MULTISTEP).grid(10);
        assertEquals(List.of(999.0, 845.0, 730.0), dpm.levels().subList(0, 3).stream().map(NoiseLevel::time).toList());
        refused("timesteps 999,845,730,587,443,310,193,116,53,13: must be left out with DDIMScheduler; they are taken by "
                + "DDPMScheduler, DDPMParallelScheduler, EulerDiscreteScheduler, HeunDiscreteScheduler, "
                + "DPMSolverMultistepScheduler, DPMSolverSinglestepScheduler, FlowMatchEulerDiscreteScheduler, "
                + "LCMScheduler, TCDScheduler", () -> euler.as(SchedulerClass.DDIM));
        assertEquals(4, euler.grid(10).strength(0.45).steps());
        assertEquals(euler.grid(10),
                euler.withSigmas(SigmaRule.KARRAS).withSigmas(SigmaRule.BETA).with("use_beta_sigmas", false)
                        .withSteps(AlignYourSteps.STABLE_DIFFUSION_XL.times()).grid(10));
        assertEquals(OptionalInt.empty(), euler.withSigmas(SigmaRule.KARRAS).customSteps());
        assertEquals(193, euler.grid(10).strength(0.45).level(0).time());
    }

    @Test
    void whatTheyContradictIsNamed() {
        CustomSteps times = CustomSteps.ofTimes(900, 500, 100);
        CustomSteps sigmas = CustomSteps.ofSigmas(0.9, 0.5, 0.1);
        refused("use_karras_sigmas true: must be false for custom timesteps with HeunDiscreteScheduler",
                () -> config(SchedulerClass.HEUN, Map.of("use_karras_sigmas", true)).withSteps(times));
        refused("use_flow_sigmas true: must be false for custom timesteps with DPMSolverMultistepScheduler",
                () -> config(SchedulerClass.DPM_MULTISTEP, Map.of("use_flow_sigmas", true)).withSteps(times));
        refused("use_flow_sigmas false: must be true for custom sigmas with UniPCMultistepScheduler",
                () -> config(SchedulerClass.UNIPC, Map.of()).withSteps(sigmas));
        refused("timestep_type \"continuous\": must be discrete where v_prediction is predicted for custom timesteps with"
                + " EulerDiscreteScheduler",
                () -> config(SchedulerClass.EULER,
                        Map.of("timestep_type", "continuous", "prediction_type", "v_prediction"))
                        .withSteps(times));
        refused("timesteps 900,500,100: must be left out where sigmas are KARRAS",
                () -> config(SchedulerClass.DDPM, Map.of()).withSigmas(SigmaRule.KARRAS).withSteps(times));
        refused("sigmas 0.9,0.5,0.1: must be left out on own terms of flow matching; they are taken by"
                + " EulerDiscreteScheduler, UniPCMultistepScheduler, FlowMatchEulerDiscreteScheduler, FlowMatchLCMScheduler",
                () -> config(SchedulerClass.FLOW_EULER, Map.of()).onOwnTerms().withSteps(sigmas));
        refused("timesteps 900,500,100: must be left out with EDMEulerScheduler; they are taken by DDPMScheduler,",
                () -> config(SchedulerClass.EDM_EULER, Map.of()).withSteps(times));
    }

    @Test
    void whatIsNoStepIsNamed() {
        refused("timesteps []: must be one or more", () -> CustomSteps.ofTimes());
        refused("sigmas[0] Infinity: must be 0 or more, and finite",
                () -> CustomSteps.ofSigmas(Double.POSITIVE_INFINITY));
        refused("sigmas[1] -1.0: must be 0 or more, and finite", () -> CustomSteps.ofSigmas(1, -1));
        refused("timesteps[2] 5.0: must be below the one before, which is 5.0", () -> CustomSteps.ofTimes(9, 5, 5));
        refused("sigmas 3: must be two or more with EulerDiscreteScheduler: that of the sample is the last",
                () -> config(SchedulerClass.EULER, Map.of()).withSteps(CustomSteps.ofSigmas(3)));
        refused("timesteps[1] 20.5: must be a whole number with LCMScheduler",
                () -> config(SchedulerClass.LCM, Map.of()).withSteps(CustomSteps.ofTimes(999, 20.5)));
        refused("timesteps[0] 1000.0: must be at most 999, the noisiest training step",
                () -> config(SchedulerClass.EULER, Map.of()).withSteps(CustomSteps.ofTimes(1000, 5)));
        refused("sigmas[0] 1.5: must be at most 1, which is noise alone",
                () -> config(SchedulerClass.FLOW_EULER, Map.of()).withSteps(CustomSteps.ofSigmas(1.5, 1)));
        refused("sigmas[1] 0.0: must be above 0: the sample's is not among them",
                () -> config(SchedulerClass.FLOW_EULER, Map.of()).withSteps(CustomSteps.ofSigmas(1, 0)));
        refused("steps 4: must be 3, as many as the custom timesteps are", () -> config(SchedulerClass.DDPM, Map.of())
                .withSteps(CustomSteps.ofTimes(9, 5, 1)).grid(4));
    }

    private static void refused(String message, Executable call) {
        // Keys are of the file that settings were read from, values are not.
        String found = assertThrows(IllegalValueException.class, call).getMessage()
                .replaceFirst("^scheduler: use_", "use_")
                .replaceFirst("^scheduler: timestep_type", "timestep_type");
        assertEquals(message, found.substring(0, Math.min(message.length(), found.length())));
    }
}
