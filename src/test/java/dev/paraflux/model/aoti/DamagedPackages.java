package dev.paraflux.model.aoti;

import dev.paraflux.model.ModelException;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.torch.TestArchives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A program: loads damaged copies of a package, each of which loads or ends in a documented exception, and prints how many
 * did what. What is damaged is the archive, or which entries it has; a library whose sums are right is run as it is.
 */
final class DamagedPackages {
    private DamagedPackages() {}

    public static void main(String[] arguments) throws IOException {
        Path good = Path.of(arguments[0]);
        int copies = Integer.parseInt(arguments[1]);
        long seed = Long.parseLong(arguments[2]);
        ModelCard card = ModelCard.read(ModelCard.beside(good));
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int copy = 0; copy < copies; copy++) {
            Random random = new Random(seed * 1_000_003 + copy);
            Path bad = good.resolveSibling("bad.pt2");
            if (random.nextInt(3) > 0) {
                Files.write(bad, damagedBytes(Files.readAllBytes(good), random));
            } else {
                TestArchives.write(bad, otherEntries(TestArchives.read(good), random));
            }
            outcomes.merge(outcome(bad, card), 1, Integer::sum);
        }
        System.out.println(outcomes);
    }

    private static String outcome(Path bad, ModelCard card) {
        try {
            ModelFile.load(bad, card, LoadOptions.DEFAULT).close();
            return "loads";
        } catch (IOException | IllegalArgumentException | ModelException e) {
            if (e.getMessage() == null || e.getMessage().contains(": null")
                    || !e.getMessage().contains(bad.toString())) {
                throw new AssertionError("not in words", e);
            }
            return e instanceof IOException ? "IOException" : e.getClass().getSimpleName();
        }
    }

    private static byte[] damagedBytes(byte[] good, Random random) {
        byte[] bad = good.clone();
        int from = random.nextBoolean() ? 0 : bad.length - 1500;
        int at = from + random.nextInt(bad.length - from);
        switch (random.nextInt(3)) {
            case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bad = Arrays.copyOf(bad, at);
            default -> {
                for (int i = at; i < Math.min(bad.length, at + 1 + random.nextInt(8)); i++) {
                    bad[i] = (byte) random.nextInt();
                }
            }
        }
        return bad;
    }

    private static Map<String, byte[]> otherEntries(Map<String, byte[]> entries, Random random) {
        List<String> names = new ArrayList<>(entries.keySet());
        String name = names.get(random.nextInt(names.size()));
        byte[] content = entries.get(name);
        switch (random.nextInt(3)) {
            case 0 -> entries.remove(name);
            case 1 -> entries.put(name, Arrays.copyOf(content, random.nextInt(content.length + 1)));
            default -> entries.put(name, entries.get(names.get(random.nextInt(names.size()))));
        }
        return entries;
    }
}
