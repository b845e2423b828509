package dev.paraflux.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.json.Description;
import dev.paraflux.model.GaussianMixtureDenoiser.Component;
import dev.paraflux.model.around.EdmPreconditioning;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.around.LevelAdapter;
import dev.paraflux.model.around.X0Clipping;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.torch.TestModules;
import dev.paraflux.schedule.NoisePath;
import dev.paraflux.schedule.X0Limit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdentityTest {
    @TempDir
    Path folder;

    @Test
    void mixturesOfTheSameComponentsAreTheSame() {
        assertEquals(mixture(1, 0.5, -1).identity(), mixture(1, 0.5, -1).identity());
        Description mixture = mixture(1, 0.5, -1).identity().model();
        assertEquals("gaussian-mixture", mixture.kind());
        assertEquals(2, mixture.number("components").orElseThrow());
        assertTrue(mixture.settings().get("sha256").toString().matches("[0-9a-f]{64}"));
        assertNotEquals(mixture(1, 0.5, -1).identity(), mixture(2, 0.5, -1).identity());
        assertNotEquals(mixture(1, 0.5, -1).identity(), mixture(1, 0.25, -1).identity());
        assertNotEquals(mixture(1, 0.5, -1).identity(), mixture(1, 0.5, Math.nextUp(-1.0)).identity());
    }

    @Test
    void wrappersStandBeforeTheModelFromTheOutermostInwards() {
        Denoiser model = mixture(1, 0.5, -1);
        Denoiser wrapped = X0Clipping.at(Guidance.of(model, 2), 1);
        assertEquals(new ModelIdentity(List.of(Description.of("x0-clipping").with("limit", 1),
                Description.of("guidance").with("weight", 2), model.identity().model())), wrapped.identity());
    }

    /** What the command reads of a file of coefficients. */
    @Test
    void guidanceAndLimitCanBeMadeAgain() {
        Denoiser model = mixture(1, 0.5, -1);
        GuidanceOptions options = GuidanceOptions.weight(2.5).withRescale(0.7).withInterval(0.1, 5);
        assertEquals(Optional.of(options),
                GuidanceOptions.of(X0Clipping.at(Guidance.of(model, options), 2).identity()));
        assertEquals(Optional.empty(), GuidanceOptions.of(model.identity()));
        for (X0Limit limit : List.of(X0Limit.at(2), X0Limit.dynamic(0.9, Float.MAX_VALUE), X0Limit.NONE)) {
            assertEquals(limit, X0Clipping.limit(X0Clipping.of(Guidance.of(model, options), limit).identity()));
        }
    }

    @Test
    void conditionsAreToldByTheirValues() {
        float[] ones = {1, 1};
        float[] zeros = {0, 0};
        List<Description> all = List.of(Condition.none().description(), Condition.label(3).description(),
                Condition.label(4).description(), new Condition.Embedding(ones, 1, 2).description(),
                new Condition.Embedding(zeros, 1, 2).description(), new Condition.Embedding(zeros, 2, 1).description(),
                new Mask(ones, zeros).description(), new Mask(zeros, ones).description());
        assertEquals(all.size(), all.stream().distinct().count());
        assertEquals(new Condition.Embedding(ones.clone(), 1, 2).description(), all.get(3));
        assertEquals("label (label 3)", all.get(1).toString());
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everySettingOfAWrapperCounts(UnaryOperator<Denoiser> one, UnaryOperator<Denoiser> other) {
        Denoiser model = mixture(1, 0.5, -1);
        assertEquals(one.apply(model).identity(), one.apply(model).identity());
        assertNotEquals(one.apply(model).identity(), other.apply(model).identity());
        assertNotEquals(one.apply(model).identity(), model.identity());
    }

    static List<Arguments> pairs() {
        GuidanceOptions two = GuidanceOptions.weight(2);
        return List.of(pair(model -> Guidance.of(model, two), model -> Guidance.of(model, 2.5)),
                pair(model -> Guidance.of(model, two.withRescale(0.7)), model -> Guidance.of(model, two)),
                pair(model -> Guidance.of(model, two.withInterval(0.1, 5)),
                        model -> Guidance.of(model, two.withInterval(0.1, 6))),
                pair(model -> Guidance.of(model, 2, Condition.label(0)),
                        model -> Guidance.of(model, 2, Condition.label(1))),
                pair(model -> X0Clipping.at(model, 1), model -> X0Clipping.at(model, 2)),
                pair(model -> X0Clipping.dynamic(model, 0.9, 1), model -> X0Clipping.dynamic(model, 0.8, 1)),
                pair(model -> new EdmPreconditioning(model, 0.5), model -> new EdmPreconditioning(model, 0.6)),
                pair(model -> new LevelAdapter(model, NoisePath.edm()),
                        model -> new LevelAdapter(model, NoisePath.varianceExploding(sigma -> sigma))),
                pair(model -> new LevelAdapter(model, NoisePath.flow(1)),
                        model -> new LevelAdapter(model, NoisePath.flow(1000))));
    }

    private static Arguments pair(UnaryOperator<Denoiser> one, UnaryOperator<Denoiser> other) {
        return Arguments.of(one, other);
    }

    @Test
    void negativePromptsOfOneSizeAreTwo() throws IOException {
        try (Denoiser model = ModelFile.load(TestModules.embedded(folder))) {
            Condition one = new Condition.Embedding(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 4);
            Condition other = new Condition.Embedding(new float[] {1, 2, 3, 4, 5, 6, 7, 9}, 2, 4);
            assertEquals(Guidance.of(model, 2, one).identity(), Guidance.of(model, 2, one).identity());
            assertNotEquals(Guidance.of(model, 2, one).identity(), Guidance.of(model, 2, other).identity());
        }
    }

    private static Denoiser mixture(double weight, double standardDeviation, double mean) {
        return new GaussianMixtureDenoiser(new int[] {2},
                List.of(new Component(weight, new double[] {mean, 0.5}, standardDeviation),
                        new Component(1, new double[] {1, 1}, 1)));
    }
}
