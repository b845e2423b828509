package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.json.JsonFile;
import dev.paraflux.schedule.SchedulerClass;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.TimeGrid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The solvers that the classes of diffusers name, and a file read as one of another class. */
class SchedulerSolverTest {
    private static Stream<Arguments> solvers() {
        return Stream.of(
                Arguments.of("DDIMScheduler", "", new Ddim()),
                Arguments.of("DDIMScheduler", "'set_alpha_to_one': false", new ClippedDdim(0, false)),
                Arguments.of("DDIMParallelScheduler", "'clip_sample': false, 'set_alpha_to_one': false", new Ddim()),
                Arguments.of("DDPMScheduler", "", new Ddpm()),
                Arguments.of("DDPMParallelScheduler", "'variance_type': 'fixed_large'",
                        new Ddpm(DdpmVariance.FIXED_LARGE)),
                Arguments.of("EulerDiscreteScheduler", "", new Euler()),
                Arguments.of("EulerAncestralDiscreteScheduler", "", new EulerAncestral()),
                Arguments.of("HeunDiscreteScheduler", "", new Heun()),
                Arguments.of("LMSDiscreteScheduler", "", new Lms(4)),
                Arguments.of("KDPM2DiscreteScheduler", "", new DpmSolver2()),
                Arguments.of("KDPM2AncestralDiscreteScheduler", "", new Kdpm2Ancestral()),
                Arguments.of("FlowMatchEulerDiscreteScheduler", "", new Euler()),
                Arguments.of("FlowMatchEulerDiscreteScheduler", "'stochastic_sampling': true",
                        new ConsistencySampling()),
                Arguments.of("PNDMScheduler", "", new Pndm(false)),
                Arguments.of("PNDMScheduler", "'skip_prk_steps': true, 'prediction_type': 'v_prediction'",
                        new Plms(true)),
                Arguments.of("DPMSolverMultistepScheduler", "", new DpmSolverPlusPlus(2)),
                Arguments.of("DPMSolverMultistepScheduler", "'algorithm_type': 'sde-dpmsolver++', 'solver_type': 'bh1'",
                        new SdeDpmSolverPlusPlus()),
                Arguments.of("DPMSolverMultistepScheduler", "'solver_type': 'heun', 'lower_order_final': false",
                        new DpmMultistep(DpmAlgorithm.DPM_SOLVER_PLUS_PLUS, 2, DpmSlope.HEUN, false, false)),
                Arguments.of("DPMSolverMultistepScheduler", "'euler_at_final': true, 'final_sigmas_type': 'sigma_min'",
                        new DpmMultistep(DpmAlgorithm.DPM_SOLVER_PLUS_PLUS, 2, DpmSlope.MIDPOINT, true, true)),
                Arguments.of("DPMSolverSinglestepScheduler", "'solver_order': 3",
                        new DpmSinglestep(DpmAlgorithm.DPM_SOLVER_PLUS_PLUS, 3, DpmSlope.MIDPOINT, false)),
                Arguments.of("UniPCMultistepScheduler", "'solver_type': 'bh1', 'disable_corrector': [0]",
                        new UniPc(2, UniPcKernel.BH1, true, true, Set.of(0))),
                Arguments.of("DEISMultistepScheduler", "'algorithm_type': 'dpmsolver++'", new Deis(2, true, true)),
                Arguments.of("SASolverScheduler", "'algorithm_type': 'noise_prediction', 'corrector_order': 3",
                        new SaSolver(2, 3, false, true)),
                Arguments.of("FlowMatchHeunDiscreteScheduler", "", new FlowHeun()),
                Arguments.of("FlowMatchLCMScheduler", "", new ConsistencySampling()),
                Arguments.of("LCMScheduler", "", new Lcm(10)),
                Arguments.of("TCDScheduler", "", new Tcd()),
                Arguments.of("CogVideoXDDIMScheduler", "", new Ddim()),
                Arguments.of("EDMEulerScheduler", "", new Euler()),
                Arguments.of("EDMDPMSolverMultistepScheduler", "", new DpmSolverPlusPlus(2)));
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void aClassNamesItsSolver(String name, String options, Solver solver) throws IOException {
        assertEquals(solver, SchedulerSolver.of(parse(name, options)));
    }

    @Test
    void etaBelongsToDdimAndTcd() throws IOException {
        assertEquals(new Ddim(0.5, true),
                SchedulerSolver.of(parse("DDIMScheduler", "'clip_sample': false"), 0.5));
        assertEquals(new Ddim(0.5), SchedulerSolver.of(parse("", ""), 0.5));
        assertEquals(new Tcd(0.5), SchedulerSolver.of(parse("TCDScheduler", ""), 0.5));
        SchedulerConfig euler = parse("EulerDiscreteScheduler", "");
        assertEquals(
                "eta 0.5: must be left out with EulerDiscreteScheduler, which has none; DDIMScheduler and TCDScheduler"
                        + " have",
                assertThrows(IllegalValueException.class, () -> SchedulerSolver.of(euler, 0.5)).getMessage());
    }

    /** X.from_config of a file of F is the same file with X's name, whatever keys either class has. */
    @ParameterizedTest
    @EnumSource
    void aFileReadAsAnotherClassIsThatFileWithItsName(SchedulerClass file) throws IOException {
        List<String> options = List.of("'beta_schedule': 'scaled_linear', 'beta_start': 0.00085, 'beta_end': 0.012",
                "'timestep_spacing': 'trailing', 'steps_offset': 1, 'set_alpha_to_one': false, 'clip_sample': false",
                "'use_karras_sigmas': true, 'final_sigmas_type': 'sigma_min', 'solver_order': 3, 'skip_prk_steps': true",
                "'thresholding': true, 'rescale_betas_zero_snr': true, 'prediction_type': 'v_prediction'");
        for (String keys : options) {
            for (SchedulerClass other : SchedulerClass.values()) {
                assertEquals(outcome(() -> parse(file.className(), keys).as(other)),
                        outcome(() -> parse(other.className(), keys)), file + " as " + other + ": " + keys);
            }
        }
    }

    private interface Making {
        SchedulerConfig config() throws IOException;
    }

    /** Grid, ends, start scale, solver and limit, or the refusal. */
    private static List<Object> outcome(Making making) throws IOException {
        List<Object> outcome = new ArrayList<>();
        try {
            SchedulerConfig config = making.config();
            outcome.add(config.prediction());
            outcome.add(config.x0Limit());
            outcome.add(SchedulerSolver.of(config));
            TimeGrid grid = config.grid(7);
            outcome.add(grid.levels());
            outcome.add(grid.ends());
            outcome.add(grid.startScale());
        } catch (IllegalValueException e) {
            outcome.add(e.getMessage());
        }
        return outcome;
    }

    private static SchedulerConfig parse(String name, String options) throws IOException {
        String named = name.isEmpty() ? "" : "'_class_name': '" + name + "'";
        String comma = named.isEmpty() || options.isEmpty() ? "" : ", ";
        return SchedulerConfig.parse(JsonFile.parse(("{" + named + comma + options + "}").replace('\'', '"'), "file"));
    }
}
