package dev.paraflux.model.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.DenoiserChecks;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.TinyNetwork;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.TimeGrid;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Networks of 1 to 4 sizes and several conditions, as TorchScript, from their files to samples. */
class NetworksTest {
    static final List<String> NAMES = TinyNetwork.NAMES;
    static final List<String> CONDITIONED = NAMES.subList(1, NAMES.size());

    private static final int STEPS = 20;
    private static final double WEIGHT = 3;
    /** Sums of other orders than PyTorch's own. */
    private static final float ROUNDING = 2e-6f;

    private static PretrainedDenoiser load(TinyNetwork network) throws IOException {
        return ModelFile.load(network.file(".pt"));
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void rowsOfMixedTimesAndConditionsAreWhatPyTorchMakesOfThem(String name) throws IOException {
        TinyNetwork network = TinyNetwork.of(name);
        try (PretrainedDenoiser model = load(network)) {
            assertEquals(network.card().shape(), Arrays.stream(model.shape()).boxed().toList());
            assertRows(network.expected(), network.evaluate(model, network.conditions()), ROUNDING);
        }
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void theContractIsKept(String name) throws IOException {
        TinyNetwork network = TinyNetwork.of(name);
        try (PretrainedDenoiser model = load(network)) {
            TimeGrid grid = network.card().scheduler().grid(STEPS);
            for (Condition condition : network.conditions()) {
                double apart = DenoiserChecks.verify(model, grid, condition).batchDifference();
                assertTrue(apart <= ROUNDING, condition + ": a row in a batch differs by " + apart);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void roundsInParallelReachTheSampleOfTheSteps(String name) throws IOException {
        TinyNetwork network = TinyNetwork.of(name);
        try (PretrainedDenoiser model = load(network);
                Guidance guided = Guidance.of(model)) {
            Request request = Request.seed(5).withCondition(network.conditions().get(1));
            if (!network.card().inputs().isEmpty()) {
                request = request.withGuidance(away(network));
            }
            Sample steps = sample(network, guided, request, new Sequential());
            Sample rounds = sample(network, guided, request,
                    ParaTaa.defaults().withTolerance(Tolerance.residual(1e-6, 1e-6)));
            assertEquals(STEPS, steps.stats().rounds());
            assertTrue(rounds.stats().rounds() < STEPS, "rounds: " + rounds.stats().rounds());
            assertArrayEquals(steps.values(), rounds.values(), 1e-4f);
        }
    }

    private static Sample sample(TinyNetwork network, Denoiser model, Request request, Method method) {
        try (Sampler sampler = Sampler.builder(model, network.card().scheduler().grid(STEPS)).build()) {
            return sampler.sample(request.withMethod(method));
        }
    }

    /** What each network takes for the unconditional: its null, or zeros in the place of a text. */
    private static GuidanceOptions away(TinyNetwork network) {
        GuidanceOptions guidance = GuidanceOptions.weight(WEIGHT);
        return switch (network.name()) {
            case "picture" -> guidance.withUnconditional(((Condition.Tensors) network.conditions().get(1))
                    .withZeros("encoder_hidden_states", "text_embeds"));
            case "video" -> guidance.withUnconditional(new Condition.Embedding(new float[15], 3, 5));
            default -> guidance;
        };
    }

    @ParameterizedTest
    @FieldSource("CONDITIONED")
    void guidanceLeadsAwayFromZerosAndFromNulls(String name) throws IOException {
        TinyNetwork network = TinyNetwork.of(name);
        try (PretrainedDenoiser model = load(network);
                Guidance guided = Guidance.of(model, away(network))) {
            int rows = network.states().length;
            List<Condition> conditions = Collections.nCopies(rows, network.conditions().get(1));
            List<Condition> away = Collections.nCopies(rows, away(network).unconditional());
            float[][] conditional = network.evaluate(model, conditions);
            float[][] unconditional = network.evaluate(model, away);
            float[][] expected = new float[rows][model.dim()];
            for (int row = 0; row < rows; row++) {
                for (int e = 0; e < model.dim(); e++) {
                    expected[row][e] = (float) (unconditional[row][e]
                            + WEIGHT * (conditional[row][e] - unconditional[row][e]));
                }
            }
            assertTrue(largestDifference(conditional, unconditional) > 1e-3, "the condition changes nothing");
            assertRows(expected, network.evaluate(guided, conditions), 1e-5f);
        }
    }

    @Test
    void whatIsLeftOutIsItsNull() throws IOException {
        TinyNetwork network = TinyNetwork.of("actions");
        int rows = network.states().length;
        try (PretrainedDenoiser model = load(network)) {
            TensorValue task = TensorValue.of(new long[] {2});
            Condition taskAlone = Condition.tensors(Map.of("task", task));
            Condition both = Condition.tensors(Map.of("task", task, "observation", TensorValue.of(new float[5], 5)));
            float[][] expected = network.evaluate(model, Collections.nCopies(rows, both));
            assertArrayEquals(expected, network.evaluate(model, Collections.nCopies(rows, taskAlone)));
            assertArrayEquals(expected, network.evaluate(model, Collections.nCopies(rows, Condition.label(2))));
        }
    }

    @Test
    void whatHasNoNullMustBeGiven() throws IOException {
        try (PretrainedDenoiser model = load(TinyNetwork.of("picture"))) {
            assertRefused(model, Condition.none(),
                    "condition none: must be tensors of encoder_hidden_states an embedding"
                            + " of 4 x 6, text_embeds float32 [5], time_ids float32 [6]: its card names no null of"
                            + " encoder_hidden_states");
            assertRefused(model, Condition.tensors(Map.of("text_embeds", TensorValue.of(new float[4], 4))),
                    "condition text_embeds float32 [4]: must be float32 [5], for model picture");
        }
    }

    private static void assertRefused(Denoiser model, Condition condition, String words) {
        assertEquals(words, assertThrows(IllegalValueException.class,
                () -> model.requireLegal(Conditioning.of(condition))).getMessage());
    }

    private static void assertRows(float[][] expected, float[][] found, float tolerance) {
        for (int row = 0; row < expected.length; row++) {
            assertArrayEquals(expected[row], found[row], tolerance, "row " + row);
        }
    }

    private static double largestDifference(float[][] first, float[][] second) {
        double largest = 0;
        for (int row = 0; row < first.length; row++) {
            for (int e = 0; e < first[row].length; e++) {
                largest = Math.max(largest, Math.abs(first[row][e] - second[row][e]));
            }
        }
        return largest;
    }
}
