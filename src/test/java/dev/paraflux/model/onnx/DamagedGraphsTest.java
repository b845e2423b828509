package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.model.ModelException;
import dev.paraflux.model.TinyNetwork;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged copies of graphs: each loads, or ends in a documented exception of one line, and none ends the virtual machine.
 * {@code -Dparaflux.damaged=N} tries N copies in all, {@code -Dparaflux.seed=S} others: limit the process then
 * ({@code ulimit -v}), since one in thousands is a graph that is right and asks for more memory than there is.
 */
class DamagedGraphsTest {
    private static final int COPIES = Integer.getInteger("paraflux.damaged", 600) / 4;
    private static final long SEED = Long.getLong("paraflux.seed", 1);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"vector", "audio_scalar_time", "audio_half_rows", "actions_external"})
    void damagedGraphs(String name) throws IOException {
        Path good = TinyNetwork.of("audio").file(".onnx").resolveSibling(name + ".onnx");
        ModelCard card = ModelCard.read(ModelCard.beside(good));
        Path data = good.resolveSibling(name + ".onnx.data");
        if (Files.exists(data)) {
            Files.copy(data, folder.resolve(data.getFileName()));
        }
        byte[] bytes = Files.readAllBytes(good);
        Map<String, Integer> outcomes = new LinkedHashMap<>();
        for (int copy = 0; copy < COPIES; copy++) {
            Path bad = Files.write(folder.resolve("bad.onnx"),
                    damaged(bytes, new Random(SEED * 1_000_003 + copy)));
            outcomes.merge(outcome(bad, card), 1, Integer::sum);
        }
        System.getLogger("paraflux").log(System.Logger.Level.DEBUG, () -> name + ": " + outcomes);
        assertTrue(outcomes.containsKey("IOException"), outcomes::toString);
    }

    private static String outcome(Path bad, ModelCard card) {
        try {
            PretrainedDenoiser.load(new OnnxBackend(), bad, card, LoadOptions.DEFAULT).close();
            return "loads";
        } catch (IOException | IllegalArgumentException | ModelException e) {
            assertTrue(e.getMessage().lines().count() == 1 && !e.getMessage().contains("null"), e.getMessage());
            return e instanceof IOException ? "IOException" : e.getClass().getSimpleName();
        }
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] bad = good.clone();
        int at = random.nextInt(bad.length);
        switch (random.nextInt(5)) {
            case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bad = Arrays.copyOf(bad, at);
            case 2 -> {
                for (int i = at; i < Math.min(bad.length, at + 1 + random.nextInt(8)); i++) {
                    bad[i] = someByte(random);
                }
            }
            // Most of what is not weights is small numbers: lengths, sizes, types, kinds of wire.
            case 3 -> {
                for (int tries = 0; tries < 100 && (bad[at] < 1 || bad[at] > 31); tries++) {
                    at = random.nextInt(bad.length);
                }
                bad[at] = (byte) random.nextInt(32);
            }
            default -> {
                int lost = Math.min(bad.length - at, 1 + random.nextInt(64));
                System.arraycopy(good, at + lost, bad, at, bad.length - at - lost);
                bad = Arrays.copyOf(bad, bad.length - lost);
            }
        }
        return bad;
    }

    private static byte someByte(Random random) {
        List<Integer> likely = List.of(0, 1, -1, 127, -128, 7, 8, 10, 16, 18, 34);
        return random.nextBoolean() ? (byte) (int) likely.get(random.nextInt(likely.size())) : (byte) random.nextInt();
    }
}
