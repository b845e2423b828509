package dev.paraflux.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.paraflux.device.NativeMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Folders with one thing wrong, at random: each draws all the same, or is refused in a sentence that names a file. {@code
 * -Dparaflux.fuzz=1000} tries more of them.
 */
class DamagedFoldersTest {
    private static final int FOLDERS = Integer.getInteger("paraflux.fuzz", 40);
    private static final int MOST_LETTERS = 2000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> VALUES = List.of("null", "\"nonsense\"", "\"\"", "-1", "0", "0.5", "1e300",
            "1099511627776", "3000", "[]", "{}", "[1, 2, 3]", "true");

    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"sd", "sdxl", "sd3"})
    void aFolderWithAFaultDrawsOrIsRefusedInASentence(String name) throws IOException {
        Random random = new Random(name.hashCode());
        long taken = NativeMemory.allocatedBytes();
        int refused = 0;
        for (int k = 0; k < FOLDERS; k++) {
            Path folder = TinyPipelines.copy(name, scratch.resolve(name + k));
            String fault = damage(folder, random);
            try (TextToImage painter = TextToImage.builder(folder).steps(1).maxSamples(1).build()) {
                painter.draw(TinyPipelines.asked());
            } catch (IOException | UncheckedIOException | IllegalArgumentException | IllegalStateException e) {
                refused++;
                assertSentence(folder, fault, e);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(fault, e);
            }
            assertEquals(taken, NativeMemory.allocatedBytes(), fault);
        }
        assertTrue(refused > FOLDERS / 4, refused + " refused");
    }

    private static void assertSentence(Path folder, String fault, Exception refusal) {
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.length() > 20 && message.length() < MOST_LETTERS, fault + ": " + refusal);
        assertEquals(1, message.lines().count(), fault + ": " + refusal);
        boolean named = message.contains(folder.toString()) || message.contains(".json");
        assertTrue(named, fault + ": " + refusal);
    }

    /** Damages a file, and says how. */
    private static String damage(Path folder, Random random) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        Path file = files.get(random.nextInt(files.size()));
        if (random.nextInt(4) > 0) {
            List<Path> texts = files.stream().filter(one -> one.toString().endsWith("config.json")
                    || one.toString().endsWith("index.json")).toList();
            Path config = texts.get(random.nextInt(texts.size()));
            return folder.relativize(config) + ": " + change(config, random);
        }
        byte[] bytes = Files.readAllBytes(file);
        switch (random.nextInt(3)) {
            case 0 -> Files.delete(file);
            case 1 -> Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            default -> {
                Files.delete(file);
                Files.createDirectory(file);
            }
        }
        return folder.relativize(file) + " is cut, no file, or not there";
    }

    /** Changes a value, or takes it out. */
    private static String change(Path file, Random random) throws IOException {
        JsonNode root = JSON.readTree(Files.readAllBytes(file));
        List<ObjectNode> objects = new ArrayList<>();
        List<ArrayNode> lists = new ArrayList<>();
        find(root, objects, lists);
        String said;
        JsonNode value = JSON.readTree(VALUES.get(random.nextInt(VALUES.size())));
        if (!lists.isEmpty() && random.nextInt(5) == 0) {
            ArrayNode list = lists.get(random.nextInt(lists.size()));
            said = list + " with a " + value;
            list.set(random.nextInt(list.size()), value);
        } else {
            ObjectNode object = objects.get(random.nextInt(objects.size()));
            List<String> keys = new ArrayList<>();
            object.fieldNames().forEachRemaining(keys::add);
            String key = keys.get(random.nextInt(keys.size()));
            if (random.nextInt(4) == 0) {
                object.remove(key);
                said = key + " is missing";
            } else {
                object.set(key, value);
                said = key + " is " + value;
            }
        }
        JSON.writeValue(file.toFile(), root);
        return said;
    }

    private static void find(JsonNode node, List<ObjectNode> objects, List<ArrayNode> lists) {
        if (node instanceof ObjectNode object && !object.isEmpty()) {
            objects.add(object);
        } else if (node instanceof ArrayNode list && !list.isEmpty()) {
            lists.add(list);
        }
        node.forEach(child -> find(child, objects, lists));
    }
}
