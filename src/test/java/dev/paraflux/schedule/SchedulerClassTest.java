package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the classes of diffusers take for absent keys, the grids they make, and the options that are refused. */
class SchedulerClassTest {
    private static final NoiseSchedule LINEAR = NoiseSchedule.linear(1000, 1e-4, 0.02);

    @ParameterizedTest
    @CsvSource({
            "DDIMScheduler, LEADING, ONE, false",
            "DDPMScheduler, LEADING, ONE, false",
            "EulerDiscreteScheduler, LINSPACE, ONE, false",
            "DPMSolverMultistepScheduler, LINSPACE, ONE, true",
            "DPMSolverSinglestepScheduler, LINSPACE, ONE, true",
            "UniPCMultistepScheduler, LINSPACE, ONE, true",
            "PNDMScheduler, LEADING, FIRST, false",
            "DEISMultistepScheduler, LINSPACE, FIRST, true"})
    void absentKeysTakeTheDefaultsOfTheClass(String name, Spacing spacing, FinalAlpha finalAlpha, boolean oneTimeMore)
            throws IOException {
        // PNDM's own default for its Runge-Kutta steps is refused; the others do not know the key.
        SchedulerConfig config = parse(name, "'skip_prk_steps': true");
        assertEquals(new TrainedGrid(LINEAR, spacing, 0, oneTimeMore, Optional.empty(), finalAlpha),
                config.gridSettings());
        assertEquals(Prediction.EPSILON, config.prediction());
        assertEquals(X0Limit.NONE, config.x0Limit());
        assertEquals(Optional.of(name), config.solver().className());
    }

    @Test
    void heunHasBetasOfItsOwn() throws IOException {
        assertEquals(new TrainedGrid(NoiseSchedule.linear(1000, 0.00085, 0.012), Spacing.LINSPACE, 0, false,
                Optional.empty(), FinalAlpha.ONE),
                parse("HeunDiscreteScheduler", "'clip_sample': false").gridSettings());
        assertEquals(X0Limit.at(1), parse("HeunDiscreteScheduler", "'clip_sample': true").x0Limit());
    }

    @Test
    void flowMatching() throws IOException {
        SchedulerConfig config = parse("FlowMatchEulerDiscreteScheduler", "'shift': 3.0, 'num_train_timesteps': 500");
        assertEquals(new SchedulerConfig(new FlowGrid(3, 500), Prediction.FLOW, X0Limit.NONE,
                SolverSettings.of(SchedulerClass.FLOW_EULER)), config);
        assertEquals(TimeGrid.flow(8, 3, 500), config.grid(8));
        assertEquals(new FlowGrid(1, 1000), parse("FlowMatchEulerDiscreteScheduler", "'shift': null").gridSettings());
        assertEquals("spacing TRAILING, legal for flow matching: none, it has no training steps",
                assertThrows(IllegalArgumentException.class, () -> config.withSpacing(Spacing.TRAILING)).getMessage());
        assertEquals("sigmas KARRAS, legal for flow matching: none, it has no training steps",
                assertThrows(IllegalArgumentException.class, () -> config.withSigmas(SigmaRule.KARRAS)).getMessage());
    }

    /** The times of numpy: {@code linspace(0, 999, 6).round()[::-1][:-1]}, and 1000 // 6 for leading. */
    @ParameterizedTest
    @ValueSource(strings = {"DPMSolverMultistepScheduler", "UniPCMultistepScheduler", "DEISMultistepScheduler"})
    void multistepGridsLeaveOutTheLeastNoisyTime(String name) throws IOException {
        SchedulerConfig config = parse(name, "'steps_offset': 1");
        assertEquals(List.of(999.0, 799.0, 599.0, 400.0, 200.0), times(config));
        assertEquals(List.of(831.0, 665.0, 499.0, 333.0, 167.0), times(config.withSpacing(Spacing.LEADING)));
        assertEquals(List.of(999.0, 799.0, 599.0, 399.0, 199.0), times(config.withSpacing(Spacing.TRAILING)));
        assertEquals("steps = 1000, legal: 1 to 999 (below the training steps)",
                assertThrows(IllegalArgumentException.class, () -> config.grid(1000)).getMessage());
        assertEquals("steps = 0, legal: 1 to 999 (below the training steps)",
                assertThrows(IllegalArgumentException.class, () -> config.grid(0)).getMessage());
    }

    @Test
    void theSinglestepSchedulerHasOneSpacing() throws IOException {
        assertEquals(List.of(999.0, 799.0, 599.0, 400.0, 200.0),
                times(parse("DPMSolverSinglestepScheduler", "'timestep_spacing': 'leading'")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EulerDiscreteScheduler", "DPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler",
            "UniPCMultistepScheduler"})
    void theLastSigma(String name) throws IOException {
        // Left over from another scheduler's file, set_alpha_to_one means nothing here.
        assertEquals(NoiseLevel.ofAlphaBar(0, 1), parse(name, "'set_alpha_to_one': false").grid(5).level(5));
        assertEquals(LINEAR.level(0), parse(name, "'final_sigmas_type': 'sigma_min'").grid(5).level(5));
        refused(name, "'final_sigmas_type': 'one'", "final_sigmas_type is \"one\", legal: zero, sigma_min");
    }

    @ParameterizedTest
    @CsvSource({
            "EulerDiscreteScheduler, use_karras_sigmas, KARRAS",
            "HeunDiscreteScheduler, use_exponential_sigmas, EXPONENTIAL",
            "DPMSolverMultistepScheduler, use_karras_sigmas, KARRAS",
            "DPMSolverMultistepScheduler, use_exponential_sigmas, EXPONENTIAL",
            "DPMSolverMultistepScheduler, use_lu_lambdas, EXPONENTIAL",
            "DPMSolverSinglestepScheduler, use_karras_sigmas, KARRAS",
            "UniPCMultistepScheduler, use_karras_sigmas, KARRAS"})
    void rulesForTheSigmas(String name, String option, SigmaRule rule) throws IOException {
        String json = "'beta_start': 0.0001, 'beta_end': 0.02, '" + option + "': true";
        SigmaSpacing spacing = rule == SigmaRule.KARRAS ? SigmaSpacing.karras() : SigmaSpacing.exponential();
        assertEquals(TimeGrid.of(LINEAR, 6, spacing, FinalAlpha.ONE), parse(name, json).grid(6));
        assertEquals(parse(name, json), parse(name, "'beta_start': 0.0001, 'beta_end': 0.02").withSigmas(rule));
    }

    @Test
    void deisEndsAtTheFirstSigmaByAnyRule() throws IOException {
        assertEquals(TimeGrid.of(LINEAR, 6, SigmaSpacing.karras(), FinalAlpha.FIRST),
                parse("DEISMultistepScheduler", "'use_karras_sigmas': true").grid(6));
    }

    @Test
    void minusInfinityIsRead() throws IOException {
        assertEquals(parse("DPMSolverMultistepScheduler", "'lambda_min_clipped': null"),
                parse("DPMSolverMultistepScheduler", "'lambda_min_clipped': -Infinity"));
    }

    @Test
    void optionsOfOtherClassesAreIgnored() throws IOException {
        assertEquals(parse("DDIMScheduler", "'steps_offset': 0"), parse("DDIMScheduler", "'skip_prk_steps': false,"
                + " 'predict_x0': false, 'lower_order_final': false, 'final_sigmas_type': 'sigma_min', 'shift': 3"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            value = {
                    "DDIMScheduler | 'use_karras_sigmas': true | use_karras_sigmas is true, which is not supported;"
                            + " set it to false",
                    "EulerDiscreteScheduler | 'clip_sample': true | clip_sample is true, which is not supported; set"
                            + " it to false",
                    "EulerDiscreteScheduler | 'use_beta_sigmas': true | use_beta_sigmas is true, which is not"
                            + " supported; set it to false",
                    "EulerDiscreteScheduler | 'sigma_max': 14 | sigma_max is given, which is not supported; set it"
                            + " to null",
                    "EulerDiscreteScheduler | 'sigma_min': 0.1 | sigma_min is given, which is not supported; set it"
                            + " to null",
                    "HeunDiscreteScheduler | 'use_lu_lambdas': true | use_lu_lambdas is true, which is not"
                            + " supported; set it to false",
                    "PNDMScheduler | 'skip_prk_steps': false | skip_prk_steps is false, which is not supported; set"
                            + " it to true",
                    "PNDMScheduler | 'steps_offset': 1 | skip_prk_steps is false, which is not supported; set it"
                            + " to true",
                    "UniPCMultistepScheduler | 'predict_x0': false | predict_x0 is false, which is not supported;"
                            + " set it to true",
                    "UniPCMultistepScheduler | 'disable_corrector': [0] | disable_corrector is [0], legal: []",
                    "UniPCMultistepScheduler | 'solver_p': {} | solver_p is given, which is not supported; set it to"
                            + " null",
                    "UniPCMultistepScheduler | 'lower_order_final': false | lower_order_final is false, which is not"
                            + " supported; set it to true",
                    "DEISMultistepScheduler | 'lower_order_final': false | lower_order_final is false, which is not"
                            + " supported; set it to true",
                    "DEISMultistepScheduler | 'use_flow_sigmas': true | use_flow_sigmas is true, which is not"
                            + " supported; set it to false",
                    "DPMSolverMultistepScheduler | 'lower_order_final': false | lower_order_final is false, which is"
                            + " not supported; set it to true",
                    "DPMSolverMultistepScheduler | 'euler_at_final': true, 'final_sigmas_type': 'sigma_min' |"
                            + " euler_at_final is true, which is not supported; set it to false",
                    "DPMSolverMultistepScheduler | 'lambda_min_clipped': -5.1 | lambda_min_clipped is -5.1, legal:"
                            + " -Infinity",
                    "DPMSolverMultistepScheduler | 'variance_type': 'learned_range' | variance_type is"
                            + " learned_range, which is not supported; the model is to predict no variance",
                    "DPMSolverMultistepScheduler | 'use_karras_sigmas': true, 'use_lu_lambdas': true |"
                            + " use_karras_sigmas and use_lu_lambdas are true, legal: one of them",
                    "FlowMatchEulerDiscreteScheduler | 'use_dynamic_shifting': true | use_dynamic_shifting is true,"
                            + " which is not supported; set it to false",
                    "FlowMatchEulerDiscreteScheduler | 'use_karras_sigmas': true | use_karras_sigmas is true, which"
                            + " is not supported; set it to false",
                    "FlowMatchEulerDiscreteScheduler | 'invert_sigmas': true | invert_sigmas is true, which is not"
                            + " supported; set it to false",
                    "FlowMatchEulerDiscreteScheduler | 'stochastic_sampling': true | stochastic_sampling is true,"
                            + " which is not supported; set it to false",
                    "FlowMatchEulerDiscreteScheduler | 'shift_terminal': 0.1 | shift_terminal is given, which is not"
                            + " supported; set it to null",
                    "FlowMatchEulerDiscreteScheduler | 'shift': 0 | shift is 0, legal: a number above 0",
                    "FlowMatchEulerDiscreteScheduler | 'prediction_type': 'epsilon' | prediction_type is"
                            + " \"epsilon\", legal: flow_prediction"})
    void anOptionWeLackIsRefusedByName(String name, String options, String message) {
        refused(name, options, message);
    }

    private static List<Double> times(SchedulerConfig config) {
        return config.grid(5).levels().subList(0, 5).stream().map(NoiseLevel::time).toList();
    }

    private static void refused(String name, String options, String message) {
        assertEquals(message,
                assertThrows(IllegalArgumentException.class, () -> parse(name, options)).getMessage());
    }

    private static SchedulerConfig parse(String name, String options) throws IOException {
        String json = "{'_class_name': '" + name + "', " + options + "}";
        return SchedulerConfig.parse(JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build()
                .readTree(json.replace('\'', '"')));
    }
}
