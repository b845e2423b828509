package dev.paraflux.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipTokenizerTest {
    private static final int TOKENS = 77;

    @TempDir
    Path folder;

    private static ClipTokenizer sd() throws IOException {
        return ClipTokenizer.read(TinyPipelines.path("sd/tokenizer"), TOKENS);
    }

    private static void assertAllEqual(ClipTokenizer tokenizer) throws IOException {
        assertAllEqual(tokenizer, JsonFile.read(TinyPipelines.path("tokens.json")).list());
    }

    private static void assertAllEqual(ClipTokenizer tokenizer, List<JsonValue> texts) {
        assertTrue(texts.size() > 5);
        for (JsonValue text : texts) {
            long[] wanted = text.get("ids").list().stream().mapToLong(JsonValue::longInteger).toArray();
            assertArrayEquals(wanted, tokenizer.encode(text.get("text").text()).ids(), text.get("text").toString());
        }
    }

    @Test
    void givesTheIdsOfTransformersFromTwoFiles() throws IOException {
        assertAllEqual(sd());
    }

    @Test
    void givesTheIdsOfTransformersFromOneFile() throws IOException {
        for (boolean pairs : new boolean[] {false, true}) {
            assertAllEqual(ClipTokenizer.read(inOneFile(pairs), TOKENS));
        }
    }

    /** The same tokenizer as a newer version of transformers saves it; its merges as lists of two, or as texts. */
    private Path inOneFile(boolean pairs) throws IOException {
        Path two = TinyPipelines.path("sd/tokenizer");
        Path one = Files.createDirectories(folder.resolve("one" + pairs));
        Files.copy(two.resolve("tokenizer_config.json"), one.resolve("tokenizer_config.json"));
        JsonValue vocabulary = JsonFile.read(two.resolve("vocab.json"));
        Map<String, Object> ids = new LinkedHashMap<>();
        vocabulary.keys().forEach(word -> ids.put(word, vocabulary.get(word).integer()));
        List<Object> merges = new ArrayList<>();
        for (String line : Files.readAllLines(two.resolve("merges.txt"))) {
            if (!line.startsWith("#version")) {
                merges.add(pairs ? List.of(line.split(" ")) : line);
            }
        }
        Map<String, Object> all = Map.of("model", Map.of("type", "BPE", "vocab", ids, "merges", merges));
        Files.writeString(one.resolve("tokenizer.json"), JsonFile.of(all, "test").toString());
        return one;
    }

    /** As older and newer versions of transformers save them. */
    @Test
    void wordsOfTextualInversionAreTokens() throws IOException {
        JsonValue gold = JsonFile.read(TinyPipelines.path("added_tokens.json"));
        Map<String, Object> ids = new LinkedHashMap<>();
        Map<String, Object> byId = new LinkedHashMap<>();
        List<Object> list = new ArrayList<>();
        for (String word : gold.get("added").keys()) {
            int id = gold.get("added").get(word).integer();
            ids.put(word, id);
            byId.put(String.valueOf(id), Map.of("content", word, "normalized", true));
            list.add(Map.of("content", word, "id", id, "normalized", true));
        }
        Path older = TinyPipelines.copy("sd/tokenizer", folder.resolve("older"));
        Files.writeString(older.resolve("added_tokens.json"), JsonFile.of(ids, "test").toString());
        Path old = TinyPipelines.copy("sd/tokenizer", folder.resolve("old"));
        with(old.resolve("tokenizer_config.json"), "added_tokens_decoder", byId);
        Path one = inOneFile(true);
        with(one.resolve("tokenizer.json"), "added_tokens", list);
        for (Path tokenizer : List.of(older, old, one)) {
            assertAllEqual(ClipTokenizer.read(tokenizer, TOKENS), gold.get("texts").list());
            assertAllEqual(ClipTokenizer.read(tokenizer, TOKENS));
        }
    }

    private static void with(Path file, String key, Object value) throws IOException {
        String text = Files.readString(file).strip();
        Files.writeString(file, text.substring(0, text.length() - 1) + ", \"" + key + "\": "
                + JsonFile.of(Map.of("it", value), "test").get("it") + "}");
    }

    @Test
    void aTextThatIsCutTellsWhatWasLost() throws IOException {
        ClipTokens tokens = sd().encode("red square ".repeat(40));

        assertEquals(TOKENS, tokens.ids().length);
        assertEquals("square red square red square", tokens.lost());
        assertEquals("", sd().encode("a red square").lost());
    }

    @Test
    void aPromptOfTenThousandWordsIsCutAtOnce() throws IOException {
        ClipTokens tokens = sd().encode("red ".repeat(10_000));

        assertEquals(10_000 - (TOKENS - 2), tokens.lost().split(" ").length);
        long since = System.nanoTime();
        sd().encode("r".repeat(ClipTokenizer.MOST_LETTERS));
        assertTrue(System.nanoTime() - since < 20_000_000_000L);
        assertEquals("letters of the prompt 100001: must be 0 to 100000",
                assertThrows(IllegalArgumentException.class,
                        () -> sd().encode("r".repeat(ClipTokenizer.MOST_LETTERS + 1))).getMessage());
    }

    @Test
    void halfAPairIsNoLetter() throws IOException {
        assertEquals(TOKENS, sd().encode("a \ud83d\ude00 \0 b").ids().length);
        assertEquals("letter 3 of the prompt \"\\uD83D\": must be whole: half a surrogate pair stands for none",
                assertThrows(IllegalArgumentException.class, () -> sd().encode("a \ud83d b")).getMessage());
    }

    @Test
    void textsAreFilledUpWithWhatTheConfigNames() throws IOException {
        Path copy = TinyPipelines.copy("sd/tokenizer", folder.resolve("padded"));
        replace(copy.resolve("tokenizer_config.json"), "\"pad_token\": \"<|endoftext|>\"",
                "\"pad_token\": {\"content\": \"!\"}");

        long[] ids = ClipTokenizer.read(copy, TOKENS).encode("").ids();

        assertEquals(0, ids[2]);
        assertEquals(0, ids[TOKENS - 1]);
        assertEquals(20, ClipTokenizer.read(copy, 20).encode("red ".repeat(99)).ids().length);
    }

    private static void replace(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        assertTrue(text.contains(from), text);
        Files.writeString(file, text.replace(from, to));
    }

    @Test
    void eachFaultIsASentence() throws IOException {
        Path copy = TinyPipelines.copy("sd/tokenizer", folder.resolve("faulty"));
        String config = "tokenizer_config.json";
        replace(copy.resolve(config), "\"pad_token\": \"<|endoftext|>\"", "\"pad_token\": \"<pad>\"");
        assertRefused(copy, config + ": pad_token \"<pad>\": must be a token of " + copy.resolve("vocab.json"));
        replace(copy.resolve(config), "<pad>", "!");
        String merges = Files.readString(copy.resolve("merges.txt"));
        Files.writeString(copy.resolve("merges.txt"), merges + "abc\n");
        assertRefused(copy, "merges.txt: line " + (merges.lines().count() + 1)
                + " \"abc\": must be two tokens with one blank between");
        Files.writeString(copy.resolve("merges.txt"), merges + "xyz zyx\n");
        assertRefused(copy, "merges.txt: merge " + merges.lines().count()
                + " \"xyz zyx\": must be a pair of tokens which, like what they become, the vocabulary has");
        Files.delete(copy.resolve("merges.txt"));
        assertRefused(copy, "has no merges.txt: a tokenizer of CLIP is vocab.json and merges.txt, or tokenizer.json");
        Files.delete(copy.resolve("vocab.json"));
        assertRefused(copy, "has no tokenizer.json: nor vocab.json with merges.txt, and a tokenizer of CLIP is");
        Files.writeString(copy.resolve("tokenizer.json"), "{\"model\": {\"type\": \"Unigram\", \"vocab\": []}}");
        assertRefused(copy, "tokenizer.json: model.type \"Unigram\": must be BPE");
        Files.delete(copy.resolve(config));
        assertRefused(copy, "has no tokenizer_config.json: it names the token that texts are filled up with");
        assertRefused(folder.resolve("nowhere"), "nowhere is missing, with its tokenizer_config.json: it names");
    }

    private static void assertRefused(Path tokenizer, String words) {
        Exception refusal = assertThrows(Exception.class, () -> ClipTokenizer.read(tokenizer, TOKENS));
        assertTrue(refusal instanceof IOException || refusal instanceof IllegalArgumentException, refusal.toString());
        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
    }
}
