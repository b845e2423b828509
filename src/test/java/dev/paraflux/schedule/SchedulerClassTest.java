package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.json.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The classes of diffusers: whose keys are read, which values are refused, and which grids follow. */
class SchedulerClassTest {
    private static final Path MANUAL = Path.of("docs/solvers.md");
    private static final String BEGIN = "<!-- keys of the classes: made by SchedulerClassTest -->\n";
    private static final String END = "<!-- end of the keys -->\n";

    /** With -Dparaflux.write-docs=true it is written anew. */
    @Test
    void theManualHasTheTableOfTheCode() throws IOException {
        String manual = Files.readString(MANUAL);
        int begin = manual.indexOf(BEGIN) + BEGIN.length();
        int end = manual.indexOf(END);
        assertTrue(begin >= BEGIN.length() && end >= begin, "the marks of the table are not in " + MANUAL);
        if (Boolean.getBoolean("paraflux.write-docs")) {
            Files.writeString(MANUAL, manual.substring(0, begin) + SchedulerTable.markdown() + manual.substring(end));
            return;
        }
        assertEquals(SchedulerTable.markdown(), manual.substring(begin, end));
    }

    @ParameterizedTest
    @EnumSource
    void aKeyOfAnotherClassIsNotRead(SchedulerClass scheduler) throws IOException {
        SchedulerConfig plain = parse(scheduler, "");
        for (SchedulerClass other : SchedulerClass.values()) {
            for (SchedulerKey key : other.keys()) {
                if (!scheduler.has(key.name())) {
                    assertEquals(plain, parse(scheduler, "'" + key.name() + "': {'no': 'value'}"), key.name());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyKeyRefusesAnotherKindOfValueByNameAndClass(SchedulerClass scheduler) {
        for (SchedulerKey key : scheduler.keys()) {
            if (key.use() != SchedulerKey.Use.IGNORED) {
                String message = refusal(scheduler, "'" + key.name() + "': {'no': 'value'}");
                assertTrue(message.startsWith("file: " + key.name() + " {\"no\":\"value\"}: must be "), message);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "EULER | 'use_beta_sigmas': true, 'use_karras_sigmas': true | use_beta_sigmas true: must be false with"
                    + " use_karras_sigmas true with EulerDiscreteScheduler",
            "HEUN | 'use_beta_sigmas': true, 'use_exponential_sigmas': true | use_beta_sigmas true: must be false with"
                    + " use_exponential_sigmas true with HeunDiscreteScheduler",
            "UNIPC | 'use_beta_sigmas': true, 'use_flow_sigmas': true, 'prediction_type': 'flow_prediction' |"
                    + " use_beta_sigmas true: must be false with use_flow_sigmas with UniPCMultistepScheduler",
            "EULER | 'use_karras_sigmas': true, 'use_exponential_sigmas': true | use_exponential_sigmas true: must be false"
                    + " with use_karras_sigmas true with EulerDiscreteScheduler",
            "EULER_ANCESTRAL | 'prediction_type': 'sample' | prediction_type \"sample\": must be one of epsilon,"
                    + " v_prediction with EulerAncestralDiscreteScheduler",
            "KDPM2 | 'prediction_type': 'sample' | prediction_type \"sample\": must be one of epsilon, v_prediction with"
                    + " KDPM2DiscreteScheduler",
            "PNDM | 'prediction_type': 'sample' | prediction_type \"sample\": must be one of epsilon, v_prediction with"
                    + " PNDMScheduler",
            "DDIM | 'prediction_type': 'flow_prediction' | prediction_type \"flow_prediction\": must be one of epsilon,"
                    + " sample, v_prediction with DDIMScheduler",
            "DDPM | 'variance_type': 'learned_range' | variance_type \"learned_range\": must be one of fixed_small,"
                    + " fixed_small_log, fixed_large with DDPMScheduler",
            "DDPM | 'variance_type': 'fixed_large_log' | variance_type \"fixed_large_log\": must be one of fixed_small,"
                    + " fixed_small_log, fixed_large with DDPMScheduler",
            "DPM_MULTISTEP | 'variance_type': 'learned' | variance_type \"learned\": must be null with"
                    + " DPMSolverMultistepScheduler, for a model that predicts no variance",
            "DPM_MULTISTEP | 'algorithm_type': 'dpmsolver' | final_sigmas_type \"zero\": must be sigma_min where"
                    + " algorithm_type is dpmsolver with DPMSolverMultistepScheduler",
            "DPM_MULTISTEP | 'algorithm_type': 'euler' | algorithm_type \"euler\": must be one of dpmsolver++, dpmsolver,"
                    + " sde-dpmsolver++, sde-dpmsolver with DPMSolverMultistepScheduler",
            "DPM_MULTISTEP | 'algorithm_type': 'sde-dpmsolver', 'final_sigmas_type': 'sigma_min', 'solver_order': 3 |"
                    + " solver_order 3: must be 1 or 2 where algorithm_type is sde-dpmsolver with"
                    + " DPMSolverMultistepScheduler",
            "DPM_MULTISTEP | 'solver_order': 4 | solver_order 4: must be a whole number, 1 to 3 with"
                    + " DPMSolverMultistepScheduler",
            "DPM_MULTISTEP | 'prediction_type': 'flow_prediction' | prediction_type \"flow_prediction\": must be another one,"
                    + " or use_flow_sigmas true, with DPMSolverMultistepScheduler",
            "DEIS | 'use_flow_sigmas': true, 'use_dynamic_shifting': true, 'time_shift_type': 'linear' | time_shift_type"
                    + " \"linear\": must be exponential with use_dynamic_shifting true with DEISMultistepScheduler",
            "FLOW_LCM | 'scale_factors': [0.5, 1] | scale_factors [0.5,1]: must be null with FlowMatchLCMScheduler",
            "DPM_MULTISTEP | 'use_flow_sigmas': true, 'use_karras_sigmas': true | use_karras_sigmas true: must be false with"
                    + " use_flow_sigmas with DPMSolverMultistepScheduler",
            "DPM_MULTISTEP | 'use_flow_sigmas': true, 'prediction_type': 'v_prediction' | prediction_type \"v_prediction\":"
                    + " must be another one, or use_flow_sigmas false, with DPMSolverMultistepScheduler",
            "UNIPC | 'solver_p': {} | solver_p {}: must be null with UniPCMultistepScheduler",
            "UNIPC | 'disable_corrector': [-1] | disable_corrector[0] -1: must be a whole number, 0 to 1000000 with"
                    + " UniPCMultistepScheduler",
            "UNIPC | 'predict_x0': false | predict_x0 false: must be true with final_sigmas_type zero with"
                    + " UniPCMultistepScheduler",
            "UNIPC | 'lower_order_final': false | lower_order_final false: must be true with final_sigmas_type zero with"
                    + " UniPCMultistepScheduler",
            "UNIPC | 'shift_terminal': 0.1 | shift_terminal 0.1: must be null without use_flow_sigmas with"
                    + " UniPCMultistepScheduler",
            "FLOW_EULER | 'invert_sigmas': true | invert_sigmas true: must be false with FlowMatchEulerDiscreteScheduler",
            "FLOW_EULER | 'use_karras_sigmas': true, 'sigma_max': 700.0 | sigma_max 700.0: must be at most 1 where flow matching"
                    + " takes a rule for its sigmas, with FlowMatchEulerDiscreteScheduler",
            "FLOW_EULER | 'shift': 0 | shift 0: must be a number above 0 with FlowMatchEulerDiscreteScheduler",
            "LCM | 'original_inference_steps': 2000 | original_inference_steps 2000: must be at most num_train_timesteps, 1000,"
                    + " with LCMScheduler",
            "EDM_EULER | 'sigma_min': 90 | sigma_min 90.0: must be below sigma_max, 80.0, with EDMEulerScheduler",
            "EDM_DPM | 'algorithm_type': 'sde-dpmsolver++', 'solver_order': 3 | solver_order 3: must be 1 or 2 where"
                    + " algorithm_type is sde-dpmsolver++ with EDMDPMSolverMultistepScheduler"})
    void whatCannotBeHonouredIsRefusedByKeyValueAndClass(SchedulerClass scheduler, String options, String message) {
        assertEquals("file: " + message, refusal(scheduler, options));
    }

    @Test
    void anotherClassIsRefusedByName() throws IOException {
        String message = assertThrows(IllegalValueException.class, () -> SchedulerConfig.parse(
                JsonFile.parse("{\"_class_name\": \"ScoreSdeVeScheduler\", \"beta_schedule\": \"linear\"}", "file")))
                .getMessage();
        assertTrue(message.startsWith("file: _class_name \"ScoreSdeVeScheduler\": must be one of DDIMScheduler, "),
                message);
        assertEquals(SchedulerClass.DDIM, SchedulerConfig.parse(
                JsonFile.parse("{\"_class_name\": \"FlaxDDIMScheduler\"}", "file")).scheduler());
    }

    @Test
    void stepsGoWhereDdimsGoWhereTheyDoNotDivide() throws IOException {
        TimeGrid grid = parse(SchedulerClass.DDIM, "'timestep_spacing': 'trailing'").grid(30);
        assertEquals(932, grid.level(2).time());
        assertEquals(933, grid.end(2).time());
        assertEquals(grid.level(30), grid.end(30));
        assertEquals(grid.level(2), parse(SchedulerClass.DDPM, "'timestep_spacing': 'trailing'").grid(30).end(2));
    }

    @Test
    void startNoiseHasTheScaleOfTheClass() throws IOException {
        assertEquals(1, parse(SchedulerClass.EULER, "'timestep_spacing': 'leading'").grid(10).startScale());
        TimeGrid grid = parse(SchedulerClass.EULER, "'timestep_spacing': 'trailing'").grid(10);
        assertEquals(grid.level(0).sigma(), grid.startScale(), 1e-12);
        assertEquals(1, parse(SchedulerClass.UNIPC, "'use_flow_sigmas': true, 'prediction_type': 'flow_prediction'")
                .grid(10).startScale());
        assertEquals(Math.hypot(1, 80), parse(SchedulerClass.EDM_EULER, "").grid(10).startScale());
        assertEquals(1, parse(SchedulerClass.DDIM, "").grid(10).startScale());
    }

    @Test
    void numpysExtraTimeOfTrailingSpacingIsLeftOut() throws IOException {
        for (int steps : new int[] {61, 103, 499, 998}) {
            TimeGrid grid = parse(SchedulerClass.DDIM, "'timestep_spacing': 'trailing'").grid(steps);
            assertEquals(steps, grid.steps());
            assertTrue(grid.level(steps - 1).time() >= 0);
            assertEquals(steps,
                    parse(SchedulerClass.DPM_MULTISTEP, "'timestep_spacing': 'trailing'").grid(steps).steps());
        }
    }

    @Test
    void theShiftByLengthNeedsALength() throws IOException {
        SchedulerConfig flux = parse(SchedulerClass.FLOW_EULER, "'use_dynamic_shifting': true, 'shift': 3");
        assertTrue(flux.needsSequenceLength());
        assertEquals("sequence length missing: must be given, since use_dynamic_shifting shifts the times by it",
                assertThrows(IllegalValueException.class, () -> flux.grid(4)).getMessage());
        // mu is 1.15 at 4096 tokens, and the pipeline's taus are 1, 3/4, 1/2, 1/4.
        TimeGrid grid = flux.withSequenceLength(4096).grid(4);
        double shift = Math.exp(1.15);
        assertEquals(shift * 0.75 / (1 + (shift - 1) * 0.75), grid.level(1).sigma(), 1e-12);
        TimeGrid ends = parse(SchedulerClass.FLOW_EULER, "'use_dynamic_shifting': true, 'shift_terminal': 0.1")
                .withSequenceLength(1024).grid(8);
        assertEquals(0.1, ends.level(7).sigma(), 1e-12);
        assertEquals(1000, ends.level(0).time());
    }

    @Test
    void fewerStepsThanTheOrderAreLegal() throws IOException {
        for (SchedulerClass scheduler : List.of(SchedulerClass.DPM_MULTISTEP, SchedulerClass.DPM_SINGLESTEP,
                SchedulerClass.UNIPC, SchedulerClass.DEIS)) {
            for (int steps : IntStream.rangeClosed(1, 3).toArray()) {
                assertEquals(steps, parse(scheduler, "'solver_order': 3").grid(steps).steps());
            }
        }
    }

    private static String refusal(SchedulerClass scheduler, String options) {
        return assertThrows(IllegalValueException.class, () -> parse(scheduler, options), options).getMessage();
    }

    private static SchedulerConfig parse(SchedulerClass scheduler, String options) throws IOException {
        String name = scheduler == SchedulerClass.OWN ? "" : "'_class_name': '" + scheduler.className() + "'";
        String comma = name.isEmpty() || options.isEmpty() ? "" : ", ";
        return SchedulerConfig.parse(JsonFile.parse(("{" + name + comma + options + "}").replace('\'', '"'), "file"));
    }
}
