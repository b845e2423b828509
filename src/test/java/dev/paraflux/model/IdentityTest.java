package dev.paraflux.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.model.GaussianMixtureDenoiser.Component;
import dev.paraflux.schedule.NoisePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
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
    void aModuleIsItsNameAndTheDigestOfItsFile() throws Exception {
        Path file = TestModules.plain(folder);
        String digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        try (Denoiser denoiser = TorchScriptDenoiser.load(file)) {
            assertEquals(List.of("model test, sha256 " + digest), denoiser.identity());
        }
    }

    @Test
    void theDigestIsTakenOnce() throws IOException {
        Path file = TestModules.plain(folder);
        try (Denoiser denoiser = TorchScriptDenoiser.load(file)) {
            List<String> identity = denoiser.identity();
            Files.delete(file);
            assertEquals(identity, denoiser.identity());
        }
    }

    @Test
    void aFileThatIsGoneIsRefused() throws IOException {
        Path file = TestModules.plain(folder);
        try (Denoiser denoiser = TorchScriptDenoiser.load(file)) {
            Files.delete(file);
            refused("model file " + file + " is gone since it was loaded, so that nothing tells what was loaded:"
                    + " keep it while its model is in use", denoiser);
        }
    }

    @Test
    void aFileThatGrewIsRefused() throws IOException {
        Path file = TestModules.plain(folder);
        try (Denoiser denoiser = TorchScriptDenoiser.load(file)) {
            FileTime modified = Files.getLastModifiedTime(file);
            Files.write(file, new byte[Math.toIntExact(Files.size(file)) + 1]);
            Files.setLastModifiedTime(file, modified);
            refused("model file " + file + " has changed since it was loaded", denoiser);
        }
    }

    @Test
    void aFileThatWasWrittenAgainIsRefused() throws IOException {
        Path file = TestModules.plain(folder);
        try (Denoiser denoiser = TorchScriptDenoiser.load(file)) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1));
            refused("model file " + file + " has changed since it was loaded", denoiser);
        }
    }

    @Test
    void aFileThatChangesWhileItIsReadIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("weights"), new byte[100]);
        WeightsDigest.Source source = WeightsDigest.unchanged(file);
        WeightsDigest changing = new WeightsDigest("weights", () -> {
            InputStream in = source.open();
            Files.setLastModifiedTime(file, FileTime.fromMillis(1));
            return in;
        });
        assertTrue(assertThrows(IllegalStateException.class, changing::hex).getMessage().contains("has changed"));
    }

    @Test
    void theDemoModelIsTheResource() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(DemoModel.class.getResourceAsStream("digits.pt"), digest);
                Denoiser digits = DemoModel.load()) {
            in.readAllBytes();
            assertEquals(List.of("model digits, sha256 " + HexFormat.of().formatHex(digest.digest())),
                    digits.identity());
        }
    }

    @Test
    void mixturesOfTheSameComponentsAreTheSame() {
        assertEquals(mixture(1, 0.5, -1).identity(), mixture(1, 0.5, -1).identity());
        assertTrue(mixture(1, 0.5, -1).identity().get(0).matches("a mixture of 2 Gaussians, sha256 [0-9a-f]{64}"));
        assertNotEquals(mixture(1, 0.5, -1).identity(), mixture(2, 0.5, -1).identity());
        assertNotEquals(mixture(1, 0.5, -1).identity(), mixture(1, 0.25, -1).identity());
        assertNotEquals(mixture(1, 0.5, -1).identity(), mixture(1, 0.5, Math.nextUp(-1.0)).identity());
    }

    @Test
    void wrappersStandBeforeTheModelFromTheOutermostInwards() {
        Denoiser model = mixture(1, 0.5, -1);
        Denoiser wrapped = X0Clipping.at(Guidance.of(model, 2), 1);
        assertEquals(List.of("with x0 clipped at 1.0", "with guidance 2.0", model.identity().get(0)),
                wrapped.identity());
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
        try (Denoiser model = TorchScriptDenoiser.load(TestModules.embedded(folder))) {
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

    private static void refused(String message, Denoiser denoiser) {
        String found = assertThrows(IllegalStateException.class, denoiser::identity).getMessage();
        assertTrue(found.startsWith(message), found);
    }
}
