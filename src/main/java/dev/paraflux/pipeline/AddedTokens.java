package dev.paraflux.pipeline;

import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Words of a text that are a token each, whatever they are made of: what textual inversion adds to a tokenizer. Where several
 * begin at one letter the longest counts. Immutable.
 */
final class AddedTokens {
    private static final String FILE = "added_tokens.json";
    private static final String LIST = "added_tokens";
    private static final String BY_ID = "added_tokens_decoder";

    /** By the letters that are looked for. */
    private final Map<String, Integer> ids;
    /** As they are written. */
    private final Set<String> words;
    private final Pattern any;

    private AddedTokens(Map<String, Integer> words, UnaryOperator<String> normal) {
        this.words = new TreeSet<>(words.keySet());
        ids = new LinkedHashMap<>();
        words.forEach((word, id) -> ids.put(normal.apply(word), id));
        any = Pattern.compile(ids.keySet().stream()
                .sorted((one, other) -> Integer.compare(other.length(), one.length())).map(Pattern::quote)
                .collect(Collectors.joining("|")));
    }

    /**
     * Those of a tokenizer's folder: in {@code tokenizer.json}, {@code added_tokens.json}, or by their ids in
     * {@code tokenizer_config.json}.
     *
     * @param marks  the tokens that are no words, which are not among them
     * @param normal what a text becomes before they are looked for
     */
    static AddedTokens read(Path folder, JsonValue config, Set<String> marks, UnaryOperator<String> normal)
            throws IOException {
        Map<String, Integer> words = new TreeMap<>();
        JsonValue byId = config.get(BY_ID);
        for (String id : byId.isPresent() ? byId.requireObject().keys() : List.<String>of()) {
            words.put(byId.get(id).get("content").text(), id(byId, id));
        }
        Path file = folder.resolve(FILE);
        if (Files.isRegularFile(file)) {
            JsonValue byWord = JsonFile.read(file).requireObject();
            for (String word : byWord.keys()) {
                words.put(word, byWord.get(word).integer(0, Integer.MAX_VALUE));
            }
        }
        Path all = folder.resolve(ClipVocabulary.ALL);
        JsonValue list = Files.isRegularFile(all) ? JsonFile.read(all).get(LIST) : null;
        for (JsonValue token : list != null && list.isPresent() ? list.list() : List.<JsonValue>of()) {
            words.put(token.get("content").text(), token.get("id").integer(0, Integer.MAX_VALUE));
        }
        words.keySet().removeAll(marks);
        words.remove("");
        return new AddedTokens(words, normal);
    }

    private static int id(JsonValue byId, String id) {
        try {
            return Integer.parseUnsignedInt(id);
        } catch (NumberFormatException e) {
            throw byId.get(id).wrong("named by the id of a token, a whole number");
        }
    }

    boolean isEmpty() {
        return ids.isEmpty();
    }

    /** The word of the largest id, or null. */
    String last() {
        return ids.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse(null);
    }

    int id(String word) {
        return ids.get(word);
    }

    /** Where they stand in a text that is as it is looked for; there must be some. */
    Matcher in(String text) {
        return any.matcher(text);
    }

    /**
     * A prompt in which a word stands for all of its vectors: diffusers' pipelines write {@code <x> <x>_1 <x>_2} for
     * {@code <x>} where these tokens are there.
     *
     * @param normal as for {@link #read}
     */
    String expanded(String prompt, UnaryOperator<String> normal) {
        if (isEmpty()) {
            return prompt;
        }
        Set<String> found = new TreeSet<>();
        for (Matcher one = in(normal.apply(prompt)); one.find();) {
            found.add(one.group());
        }
        String text = prompt;
        for (String word : found) {
            List<String> vectors = new ArrayList<>(List.of(word));
            while (words.contains(word + "_" + vectors.size())) {
                vectors.add(word + "_" + vectors.size());
            }
            text = words.contains(word) ? text.replace(word, String.join(" ", vectors)) : text;
        }
        return text;
    }
}
