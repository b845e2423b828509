package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.json.JsonFile;
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

/** Files, keys and values, whatever the class; most of them without one, on the project's own terms. */
class SchedulerConfigTest {
    private static final NoiseSchedule LINEAR = NoiseSchedule.linear(1000, 1e-4, 0.02);

    @TempDir
    Path folder;

    @Test
    void fileOfDiffusersIsRead() throws Exception {
        Path path = Path.of(SchedulerConfigTest.class.getResource("ddim_scheduler_config.json").toURI());
        SchedulerConfig config = SchedulerConfig.read(path);
        assertSame(SchedulerClass.DDIM, config.scheduler());
        assertSame(Prediction.VELOCITY, config.prediction());
        assertEquals(X0Limit.NONE, config.x0Limit());
        assertEquals(new SteppedGrid(NoiseSchedule.scaledLinear(1000, 0.00085, 0.012).zeroTerminalSnr(),
                Spacing.TRAILING, 1, FinalAlpha.FIRST, true), config.gridSettings());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}",
            "{'trained_betas': null, 'steps_offset': null, 'prediction_type': null}", "{'unknown': [1, 2]}",
            "{'clip_sample': false, 'thresholding': false, 'use_karras_sigmas': false, 'predict_epsilon': true}",
            "{'timestep_type': 'discrete', 'use_beta_sigmas': false, 'sigma_min': 3}"})
    void absentKeysTakeTheirDefaults(String json) throws IOException {
        SchedulerConfig config = parse(json);
        assertEquals(parse("{}"), config);
        assertSame(SchedulerClass.OWN, config.scheduler());
        assertEquals(new TrainedGrid(LINEAR, Spacing.LEADING, 0, Optional.empty(), FinalAlpha.ONE),
                config.gridSettings());
        assertEquals(X0Limit.NONE, config.x0Limit());
    }

    @Test
    void everyKeyIsUsed() throws IOException {
        assertEquals(NoiseSchedule.linear(50, 0.01, 0.3),
                trained("{'num_train_timesteps': 50, 'beta_start': 0.01, 'beta_end': 0.3}").schedule());
        assertEquals(NoiseSchedule.scaledLinear(1000, 1e-4, 0.02),
                trained("{'beta_schedule': 'scaled_linear'}").schedule());
        assertEquals(NoiseSchedule.squaredCosine(40),
                trained("{'beta_schedule': 'squaredcos_cap_v2', 'num_train_timesteps': 40}").schedule());
        assertEquals(NoiseSchedule.sigmoid(1000, 1e-4, 0.02), trained("{'beta_schedule': 'sigmoid'}").schedule());
        assertEquals(NoiseSchedule.ofBetas(0.1, 0.2, 0.3), trained("{'trained_betas': [0.1, 0.2, 0.3]}").schedule());
        assertEquals(NoiseSchedule.ofBetas(0.1, 1).zeroTerminalSnr(), trained("{'trained_betas': [0.1, 1],"
                + " 'num_train_timesteps': 2, 'rescale_betas_zero_snr': true}").schedule());
        assertEquals(Prediction.SAMPLE, parse("{'prediction_type': 'sample'}").prediction());
        assertEquals(Spacing.LINSPACE, trained("{'timestep_spacing': 'linspace'}").spacing());
        assertEquals(FinalAlpha.FIRST, trained("{'set_alpha_to_one': false}").finalAlpha());
        assertEquals(7, trained("{'steps_offset': 7}").stepsOffset());
        assertEquals(Optional.of(SigmaRule.KARRAS), trained("{'use_karras_sigmas': true}").sigmas());
    }

    @Test
    void theLimitOfX0IsRead() throws IOException {
        assertEquals(X0Limit.NONE, parse("{'clip_sample_range': 2, 'sample_max_value': 0.5}").x0Limit());
        assertEquals(X0Limit.at(1), parse("{'clip_sample': true}").x0Limit());
        assertEquals(X0Limit.at(2.5), parse("{'clip_sample': true, 'clip_sample_range': 2.5}").x0Limit());
        assertEquals(X0Limit.dynamic(0.995, 1), parse("{'clip_sample': true, 'thresholding': true}").x0Limit());
        assertEquals(X0Limit.dynamic(0.9, 3), parse("{'thresholding': true, 'dynamic_thresholding_ratio': 0.9,"
                + " 'sample_max_value': 3}").x0Limit());
    }

    @Test
    void theGridFollowsTheSettings() throws IOException {
        SchedulerConfig config = parse("{'steps_offset': 1, 'set_alpha_to_one': false}");
        assertEquals(TimeGrid.of(LINEAR, 25, Spacing.LEADING, 1, FinalAlpha.FIRST), config.grid(25));
        assertEquals(999, config.withSpacing(Spacing.TRAILING).grid(25).level(0).time());
        assertEquals("steps_offset 1: must be 0 to 0 for 1000 leading steps of 1000 training steps",
                assertThrows(IllegalValueException.class, () -> config.grid(1000)).getMessage());
        assertEquals("steps 0: must be 1 to 1000, the training steps",
                assertThrows(IllegalValueException.class, () -> config.grid(0)).getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{'prediction_type': 3}| prediction_type 3: must be a text",
            "{'prediction_type': 'x'}| prediction_type \"x\": must be one of epsilon, sample, v_prediction, flow_prediction",
            "{'timestep_spacing': 'Leading'}| timestep_spacing \"Leading\": must be one of leading, trailing, linspace",
            "{'beta_schedule': 'exp'}| beta_schedule \"exp\": must be one of linear, scaled_linear, squaredcos_cap_v2,"
                    + " sigmoid",
            "{'timestep_type': 'continuous'}| timestep_type \"continuous\": must be discrete",
            "{'num_train_timesteps': 0}| num_train_timesteps 0: must be a whole number, 1 to 1000000",
            "{'num_train_timesteps': 1e3}| num_train_timesteps 1000.0: must be a whole number, 1 to 1000000",
            "{'num_train_timesteps': 4294967297}| num_train_timesteps 4294967297: must be a whole number, 1 to 1000000",
            "{'num_train_timesteps': '1000'}| num_train_timesteps \"1000\": must be a whole number, 1 to 1000000",
            "{'steps_offset': -1}| steps_offset -1: must be a whole number, 0 to 1000000",
            "{'steps_offset': 1000}| steps_offset 1000: must be 0 to 999",
            "{'steps_offset': true}| steps_offset true: must be a whole number, 0 to 1000000",
            "{'beta_start': 0}| beta_start 0: must be a number above 0 and below 1",
            "{'beta_end': 1}| beta_end 1: must be a number above 0 and below 1",
            "{'set_alpha_to_one': 1}| set_alpha_to_one 1: must be true or false",
            "{'trained_betas': 0.1}| trained_betas 0.1: must be a list",
            "{'trained_betas': []}| trained_betas []: must be a list of numbers above 0, at most 1",
            "{'trained_betas': [0.1, 2]}| trained_betas[1] 2: must be a number above 0, at most 1",
            "{'trained_betas': [0.1], 'num_train_timesteps': 2}| num_train_timesteps 2: must be 1, the number of"
                    + " trained_betas, with a file without a class",
            "{'predict_epsilon': false}| predict_epsilon false: must be true",
            "{'use_beta_sigmas': true, 'use_lu_lambdas': true}| use_beta_sigmas true: must be false with use_lu_lambdas true with a"
                    + " file without a class",
            "{'use_flow_sigmas': true}| use_flow_sigmas true: must be false",
            "{'_class_name': 7}| _class_name 7: must be a text",
            "{'clip_sample': true, 'clip_sample_range': 0}| clip_sample_range 0: must be a number above 0",
            "{'dynamic_thresholding_ratio': 1.5}| dynamic_thresholding_ratio 1.5: must be a number from 0 to 1",
            "{'sample_max_value': 0, 'thresholding': false}| sample_max_value 0: must be a number above 0",
            "{'sample_max_value': 0.5, 'thresholding': true}| sample_max_value 0.5: must be a number from 1 with thresholding"
                    + " with a file without a class",
            "[1]| content [1]: must be an object"})
    void aWrongValueIsRefused(String json, String message) throws IOException {
        Path path = Files.writeString(folder.resolve("scheduler_config.json"), json.replace('\'', '"'));
        assertEquals(path + ": " + message,
                assertThrows(IllegalValueException.class, () -> SchedulerConfig.read(path)).getMessage());
    }

    @Test
    void aFileThatIsNotJsonIsRefused() throws IOException {
        for (String text : List.of("{", "{\"a\": 1} x", "{\"a\": 1, \"a\": 2}", "{\n\n'a': 1}", "\u0000", "")) {
            Path path = Files.writeString(folder.resolve("a.json"), text);
            String message = assertThrows(IOException.class, () -> SchedulerConfig.read(path), text).getMessage();
            assertTrue(message.startsWith(path + ": not JSON"), message);
        }
        Path missing = folder.resolve("missing.json");
        assertEquals(missing + ": no such file",
                assertThrows(IOException.class, () -> SchedulerConfig.read(missing)).getMessage());
    }

    @Test
    void aFileOfAllItsValuesIsTheSameSettings() throws IOException {
        for (SchedulerClass scheduler : SchedulerClass.values()) {
            String name = scheduler == SchedulerClass.OWN ? "" : "'_class_name': '" + scheduler.className() + "', ";
            SchedulerConfig config = parse("{" + name + "'prediction_type': 'epsilon', 'beta_end': 0.015}");
            String all = new com.fasterxml.jackson.databind.json.JsonMapper().writeValueAsString(config.toMap())
                    .replace("\"-Infinity\"", "-Infinity");
            assertEquals(config.settings(), parse(all).settings(), scheduler.toString());
        }
    }

    private static TrainedGrid trained(String json) throws IOException {
        return (TrainedGrid) parse(json).gridSettings();
    }

    private static SchedulerConfig parse(String json) throws IOException {
        return SchedulerConfig.parse(JsonFile.parse(json.replace('\'', '"'), "scheduler"));
    }
}
