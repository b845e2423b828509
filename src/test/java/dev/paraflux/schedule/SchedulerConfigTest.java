package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerConfigTest {
    private static final NoiseSchedule LINEAR = NoiseSchedule.linear(1000, 1e-4, 0.02);
    private static final SchedulerConfig DEFAULT = new SchedulerConfig(LINEAR, Prediction.EPSILON, Spacing.LEADING, 0,
            FinalAlpha.ONE);

    @TempDir
    Path folder;

    @Test
    void fileOfDiffusersIsRead() throws Exception {
        Path path = Path.of(SchedulerConfigTest.class.getResource("ddim_scheduler_config.json").toURI());
        TrainedGrid grid = new TrainedGrid(NoiseSchedule.scaledLinear(1000, 0.00085, 0.012).zeroTerminalSnr(),
                Spacing.TRAILING, 1, false, Optional.empty(), FinalAlpha.FIRST);
        assertEquals(new SchedulerConfig(grid, Prediction.VELOCITY, X0Limit.NONE,
                SolverSettings.of(SchedulerClass.DDIM)), SchedulerConfig.read(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}",
            "{'trained_betas': null, 'steps_offset': null, 'prediction_type': null}", "{'unknown': [1, 2]}",
            "{'clip_sample': false, 'thresholding': false, 'use_karras_sigmas': false, 'predict_epsilon': true}",
            "{'timestep_type': 'discrete', 'use_beta_sigmas': false, 'clip_sample_range': 3}"})
    void absentKeysTakeTheDefaultsOfDdim(String json) throws IOException {
        assertEquals(DEFAULT, parse(json));
    }

    @Test
    void everyKeyIsUsed() throws IOException {
        assertEquals(NoiseSchedule.linear(50, 0.01, 0.3),
                trained("{'num_train_timesteps': 50, 'beta_start': 0.01, 'beta_end': 0.3}").schedule());
        assertEquals(NoiseSchedule.scaledLinear(1000, 1e-4, 0.02),
                trained("{'beta_schedule': 'scaled_linear'}").schedule());
        assertEquals(NoiseSchedule.squaredCosine(40),
                trained("{'beta_schedule': 'squaredcos_cap_v2', 'num_train_timesteps': 40}").schedule());
        assertEquals(NoiseSchedule.ofBetas(0.1, 0.2, 0.3), trained("{'trained_betas': [0.1, 0.2, 0.3]}").schedule());
        assertEquals(NoiseSchedule.ofBetas(0.1, 1).zeroTerminalSnr(), trained("{'trained_betas': [0.1, 1],"
                + " 'num_train_timesteps': 2, 'rescale_betas_zero_snr': true}").schedule());
        assertEquals(Prediction.SAMPLE, parse("{'prediction_type': 'sample'}").prediction());
        assertEquals(Spacing.LINSPACE, trained("{'timestep_spacing': 'linspace'}").spacing());
        assertEquals(FinalAlpha.FIRST, trained("{'set_alpha_to_one': false}").finalAlpha());
        assertEquals(7, trained("{'steps_offset': 7}").stepsOffset());
    }

    @Test
    void theLimitOfX0IsRead() throws IOException {
        assertEquals(X0Limit.NONE, parse("{'clip_sample_range': 2, 'sample_max_value': 3}").x0Limit());
        assertEquals(X0Limit.at(1), parse("{'clip_sample': true}").x0Limit());
        assertEquals(X0Limit.at(2.5), parse("{'clip_sample': true, 'clip_sample_range': 2.5}").x0Limit());
        assertEquals(X0Limit.dynamic(0.995, 1), parse("{'clip_sample': true, 'thresholding': true}").x0Limit());
        assertEquals(X0Limit.dynamic(0.9, 3), parse("{'thresholding': true, 'dynamic_thresholding_ratio': 0.9,"
                + " 'sample_max_value': 3}").x0Limit());
        assertEquals(Prediction.FLOW, parse("{'prediction_type': 'flow_prediction'}").prediction());
    }

    @Test
    void gridFollowsTheSettings() {
        SchedulerConfig config = new SchedulerConfig(LINEAR, Prediction.EPSILON, Spacing.LEADING, 1,
                FinalAlpha.FIRST);
        assertEquals(TimeGrid.of(LINEAR, 25, Spacing.LEADING, 1, FinalAlpha.FIRST), config.grid(25));
        assertEquals(999, config.withSpacing(Spacing.TRAILING).grid(25).level(0).time());
        assertEquals("offset = 1, legal for 1000 leading steps of 1000 training steps: 0 to 0",
                assertThrows(IllegalArgumentException.class, () -> config.grid(1000)).getMessage());
        assertEquals("steps = 0, legal: 1 to 1000 (the training steps)",
                assertThrows(IllegalArgumentException.class, () -> config.grid(0)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"use_karras_sigmas", "use_exponential_sigmas",
            "use_beta_sigmas", "use_flow_sigmas", "use_lu_lambdas"})
    void optionWeLackIsRefusedWhenOn(String option) throws IOException {
        refused("{'" + option + "': true}", option + " is true, which is not supported; set it to false");
        refused("{'" + option + "': 'no'}", option + " is \"no\", legal: true, false");
        assertEquals(DEFAULT, parse("{'" + option + "': false}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{'prediction_type': 3}| prediction_type is 3, legal: epsilon, sample, v_prediction, flow_prediction",
            "{'timestep_spacing': 'Leading'}| timestep_spacing is \"Leading\", legal: leading, trailing, linspace",
            "{'beta_schedule': 'sigmoid'}| beta_schedule is \"sigmoid\", legal: linear, scaled_linear, squaredcos_cap_v2",
            "{'timestep_type': 'continuous'}| timestep_type is \"continuous\", legal: discrete",
            "{'num_train_timesteps': 0}| num_train_timesteps is 0, legal: a whole number from 1 to 1000000",
            "{'num_train_timesteps': 1e3}| num_train_timesteps is 1000.0, legal: a whole number from 1 to 1000000",
            "{'num_train_timesteps': 4294967297}| num_train_timesteps is 4294967297, legal: a whole number from 1 to"
                    + " 1000000",
            "{'num_train_timesteps': '1000'}| num_train_timesteps is \"1000\", legal: a whole number from 1 to 1000000",
            "{'steps_offset': -1}| steps_offset is -1, legal: a whole number from 0 to 999",
            "{'steps_offset': 1000}| steps_offset is 1000, legal: a whole number from 0 to 999",
            "{'steps_offset': true}| steps_offset is true, legal: a whole number from 0 to 999",
            "{'beta_start': 0}| beta_start is 0, legal: a number above 0 and below 1",
            "{'beta_end': 1}| beta_end is 1, legal: a number above 0 and below 1",
            "{'beta_end': '0.02'}| beta_end is \"0.02\", legal: a number above 0 and below 1",
            "{'set_alpha_to_one': 1}| set_alpha_to_one is 1, legal: true, false",
            "{'rescale_betas_zero_snr': 'x'}| rescale_betas_zero_snr is \"x\", legal: true, false",
            "{'trained_betas': 0.1}| trained_betas is 0.1, legal: a list of numbers above 0, at most 1",
            "{'trained_betas': []}| trained_betas is [], legal: a list of numbers above 0, at most 1",
            "{'trained_betas': [0.1, 2]}| trained_betas[1] is 2, legal: a number above 0, at most 1",
            "{'trained_betas': ['a']}| trained_betas[0] is \"a\", legal: a number above 0, at most 1",
            "{'trained_betas': [0.1], 'num_train_timesteps': 2}| trained_betas has 1 numbers, legal: num_train_timesteps"
                    + " of them, which is 2",
            "{'predict_epsilon': false}| predict_epsilon is false, which is out of date; set prediction_type to sample"
                    + " instead",
            "{'_class_name': 'LMSDiscreteScheduler'}| _class_name is \"LMSDiscreteScheduler\" and there is neither"
                    + " beta_schedule nor trained_betas, legal without them: DDIMScheduler, DDPMScheduler,"
                    + " EulerDiscreteScheduler, HeunDiscreteScheduler, DPMSolverMultistepScheduler,"
                    + " DPMSolverSinglestepScheduler, UniPCMultistepScheduler, PNDMScheduler, DEISMultistepScheduler,"
                    + " FlowMatchEulerDiscreteScheduler",
            "{'_class_name': 7}| _class_name is 7, legal: a text",
            "{'clip_sample': true, 'clip_sample_range': 0}| clip_sample_range is 0, legal: a number above 0",
            "{'dynamic_thresholding_ratio': 1.5}| dynamic_thresholding_ratio is 1.5, legal: a number from 0 to 1",
            "{'sample_max_value': 0.5}| sample_max_value is 0.5, legal: a number from 1",
            "{'solver_order': 4}| solver_order is 4, legal: a whole number from 1 to 3",
            "[1]| the scheduler's settings are [1], legal: a JSON object"}, quoteCharacter = '`')
    void wrongValueIsRefused(String json, String message) throws IOException {
        refused(json, message);
    }

    private void refused(String json, String message) throws IOException {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> parse(json)).getMessage());
        Path path = Files.writeString(folder.resolve("scheduler_config.json"), json.replace('\'', '"'));
        assertEquals(path + ": " + message,
                assertThrows(IllegalArgumentException.class, () -> SchedulerConfig.read(path)).getMessage());
    }

    @Test
    void fileThatIsNotJsonIsRefused() throws IOException {
        for (String text : List.of("{", "{\"a\": 1} x", "{\"a\": 1, \"a\": 2}", "{\n\n'a': 1}", "\u0000")) {
            Path path = Files.writeString(folder.resolve("a.json"), text);
            String message = assertThrows(IOException.class, () -> SchedulerConfig.read(path), text).getMessage();
            assertTrue(message.startsWith(path + ": not JSON in line "), message);
        }
        Path empty = Files.writeString(folder.resolve("empty.json"), "");
        assertEquals(empty + ": not JSON: the file is empty",
                assertThrows(IOException.class, () -> SchedulerConfig.read(empty)).getMessage());
        Path missing = folder.resolve("missing.json");
        assertEquals(missing + ": no such file",
                assertThrows(IOException.class, () -> SchedulerConfig.read(missing)).getMessage());
        assertTrue(assertThrows(IOException.class, () -> SchedulerConfig.read(folder)).getMessage()
                .startsWith(folder + ": "));
    }

    @Test
    void badOffsetIsRefusedWithoutAFileToo() {
        for (int offset : new int[] {-1, 1000}) {
            assertEquals("stepsOffset = " + offset + ", legal: 0 to 999",
                    assertThrows(IllegalArgumentException.class, () -> new SchedulerConfig(LINEAR,
                            Prediction.EPSILON, Spacing.LEADING, offset, FinalAlpha.ONE)).getMessage());
        }
    }

    private static TrainedGrid trained(String json) throws IOException {
        return (TrainedGrid) parse(json).gridSettings();
    }

    private static SchedulerConfig parse(String json) throws IOException {
        return SchedulerConfig.parse(new JsonMapper().readTree(json.replace('\'', '"')));
    }
}
