package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.model.ModelException;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged copies of a module with weights, and of the demo model: each loads, or ends in a documented exception, and none
 * ends the virtual machine. {@code -Dparaflux.damaged=N} tries N copies, {@code -Dparaflux.seed=S} others.
 */
class DamagedModelsTest {
    private static final int COPIES = Integer.getInteger("paraflux.damaged", 600);
    private static final long SEED = Long.getLong("paraflux.seed", 1);
    /** The demo model takes a hundred times longer. */
    private static final int COPIES_OF_DEMO = COPIES / 50;

    @TempDir
    static Path folder;

    private final Map<String, Integer> outcomes = new LinkedHashMap<>();

    @Test
    void aModuleWithWeights() throws IOException {
        Path good = folder.resolve("good.pt");
        try (JitModule module = new JitModule(new QualifiedName("__torch__.weighted"))) {
            for (String name : List.of("a", "b")) {
                module.register_parameter(name, torch.ones(2, 3, 5), false);
            }
            module.define("def forward(self, x, t):\n    return x * self.a + self.b\n");
            module.save(good.toString());
        }
        Files.writeString(ModelCard.beside(good),
                TestModules.card("[\"x\", \"t\"]", TestModules.SHAPE, "epsilon", ""));
        ModelFile.load(good).close();
        damage(good, COPIES);
    }

    @Test
    void theDemoModel() throws IOException {
        damage(TorchArchiveTest.demoModel(folder.resolve("demo.pt")), COPIES_OF_DEMO);
    }

    private void damage(Path good, int copies) throws IOException {
        ModelCard card = ModelCard.read(ModelCard.beside(good));
        for (int copy = 0; copy < copies; copy++) {
            Random random = new Random(SEED * 1_000_003 + copy);
            Path bad = folder.resolve("bad.pt");
            if (random.nextBoolean()) {
                Files.write(bad, damagedBytes(Files.readAllBytes(good), random));
            } else {
                TestArchives.write(bad, damagedEntries(TestArchives.read(good), random));
            }
            outcomes.merge(outcome(bad, card), 1, Integer::sum);
        }
        System.getLogger("paraflux").log(System.Logger.Level.DEBUG, () -> copies + " copies: " + outcomes);
        assertTrue(outcomes.keySet().stream().anyMatch(name -> name.startsWith("IOException")), outcomes::toString);
    }

    private static String outcome(Path bad, ModelCard card) {
        try {
            ModelFile.load(bad, card, LoadOptions.DEFAULT).close();
            return "loads";
        } catch (IOException | IllegalArgumentException | ModelException e) {
            assertTrue(e.getMessage().lines().count() == 1 && !e.getMessage().contains("null"), e.getMessage());
            return e instanceof IOException ? "IOException" : e.getClass().getSimpleName();
        }
    }

    /** Bytes changed, lost, or added somewhere: its sums are wrong then, or its table of contents is. */
    private static byte[] damagedBytes(byte[] good, Random random) {
        byte[] bad = good.clone();
        // Half of the damage goes to the table of contents, at the end.
        int from = random.nextBoolean() ? 0 : Math.max(0, bad.length - 3000);
        int at = from + random.nextInt(bad.length - from);
        switch (random.nextInt(4)) {
            case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bad = Arrays.copyOf(bad, at);
            case 2 -> {
                for (int i = at; i < Math.min(bad.length, at + 1 + random.nextInt(8)); i++) {
                    bad[i] = someByte(random);
                }
            }
            default -> {
                int lost = Math.min(bad.length - at, 1 + random.nextInt(64));
                System.arraycopy(good, at + lost, bad, at, bad.length - at - lost);
                bad = Arrays.copyOf(bad, bad.length - lost);
            }
        }
        return bad;
    }

    /** An archive that is whole, with sums that are right, and says what is not so. */
    private static Map<String, byte[]> damagedEntries(Map<String, byte[]> entries, Random random) {
        List<String> names = new ArrayList<>(entries.keySet());
        String name = names.get(random.nextInt(names.size()));
        if (random.nextInt(3) == 0) {
            name = names.stream().filter(path -> path.endsWith("data.pkl")).findFirst().orElseThrow();
        }
        byte[] content = entries.get(name);
        switch (random.nextInt(5)) {
            case 0 -> entries.remove(name);
            case 1 -> entries.put(name, Arrays.copyOf(content, random.nextInt(2 * content.length + 2)));
            case 2 -> entries.put(name, entries.get(names.get(random.nextInt(names.size()))));
            default -> {
                byte[] changed = content.clone();
                for (int i = 0; i < 1 + random.nextInt(3) && changed.length > 0; i++) {
                    changed[random.nextInt(changed.length)] = someByte(random);
                }
                entries.put(name, changed);
            }
        }
        return entries;
    }

    private static byte someByte(Random random) {
        byte[] likely = {0, 1, -1, 127, -128, '(', ')', 't', 'R', 'b', 'q', 'h', 'K', 'J', 'X', '.', 'Q', 'N'};
        return random.nextBoolean() ? likely[random.nextInt(likely.length)] : (byte) random.nextInt();
    }
}
