package dev.paraflux.pipeline;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CLIP's tokenizer: the text in lower case, cut into words, numerals and signs, each of which {@link BytePairs} cuts into
 * tokens (Radford et al., arXiv 2103.00020, section 2.4). It gives the ids that the tokenizer of transformers gives from the
 * same folder; of letters that came to Unicode after version 13 on a JDK that knows them. Immutable.
 */
final class ClipTokenizer {
    /** Prompts are a page at most; whoever hands in more has mixed something up. */
    static final int MOST_LETTERS = 100_000;

    private static final Pattern WORDS = Pattern.compile(
            "<\\|(?:start|end)oftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\s\\p{L}\\p{N}]+",
            Pattern.UNICODE_CHARACTER_CLASS);
    /** Where a mark is cut that was written with capitals: it is no token, but three words. */
    private static final Pattern IN_MARK = Pattern.compile("(?<=<\\|)|(?=\\|>)");
    private static final Pattern BLANKS = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
    /** The one capital whose small letter is two. */
    private static final int DOTTED_CAPITAL_I = 0x130;

    private final BytePairs pairs;
    private final ClipVocabulary.Special special;
    private final AddedTokens added;
    private final int length;

    private ClipTokenizer(BytePairs pairs, ClipVocabulary.Special special, AddedTokens added, int length) {
        this.pairs = pairs;
        this.special = special;
        this.added = added;
        this.length = length;
    }

    /**
     * Reads a folder: {@code vocab.json} with {@code merges.txt}, or else {@code tokenizer.json};
     * {@code tokenizer_config.json}; and {@code added_tokens.json}, if there is one.
     *
     * @param most tokens that the text encoder takes, 2 or more
     * @throws IOException              if a file is missing, or no JSON
     * @throws IllegalArgumentException with file and key, if a file says something else than a tokenizer of CLIP does
     */
    static ClipTokenizer read(Path folder, int most) throws IOException {
        ClipVocabulary vocabulary = ClipVocabulary.read(folder);
        return new ClipTokenizer(vocabulary.pairs(), vocabulary.special(),
                ClipVocabulary.added(folder, ClipTokenizer::normal), Math.min(most, vocabulary.length()));
    }

    /** What was added to its words. */
    AddedTokens added() {
        return added;
    }

    /** Tokens of a text, start and end among them. */
    int length() {
        return length;
    }

    /**
     * The tokens of a text. One that is too long is cut; the end stays.
     *
     * @throws IllegalValueException if it is longer than any prompt, {@value #MOST_LETTERS} letters, or has half a surrogate
     *                               pair, which stands for no letter
     */
    ClipTokens encode(String prompt) {
        Require.between(0, MOST_LETTERS, "letters of the prompt", prompt.length());
        requireWhole(prompt);
        String text = added.expanded(prompt, ClipTokenizer::normal);
        long[] ids = new long[length];
        Writer writer = new Writer(ids);
        writer.add(special.start());
        int from = 0;
        while (from < text.length()) {
            int next = special.next(text, from);
            encodePart(normal(text.substring(from, next)), writer);
            if (next < text.length()) {
                String mark = special.at(text, next);
                writer.add(mark, special.id(mark));
                next += mark.length();
            }
            from = next;
        }
        ids[writer.count++] = special.end();
        Arrays.fill(ids, writer.count, length, special.pad());
        return new ClipTokens(ids, writer.lost.toString().strip());
    }

    private static void requireWhole(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (Character.getType(text.codePointAt(i)) == Character.SURROGATE) {
                throw new IllegalValueException("letter " + (i + 1) + " of the prompt",
                        String.format("\\u%04X", (int) text.charAt(i)), "whole: half a surrogate pair stands for none");
            }
        }
    }

    /** Cuts at what was added, which may stand within a word. */
    private void encodePart(String text, Writer writer) {
        int from = 0;
        if (!added.isEmpty()) {
            for (Matcher found = added.in(text); found.find(); from = found.end()) {
                encodeWords(text.substring(from, found.start()), writer);
                writer.add(found.group(), added.id(found.group()));
            }
        }
        encodeWords(text.substring(from), writer);
    }

    private void encodeWords(String text, Writer writer) {
        Matcher words = WORDS.matcher(text);
        int seen = 0;
        while (words.find()) {
            writer.gap(text.substring(seen, words.start()));
            seen = words.end();
            String word = words.group();
            for (String part : word.endsWith("text|>") ? IN_MARK.split(word) : new String[] {word}) {
                // Words that do not fit are told, and not cut into tokens.
                writer.add(part, writer.isFull() ? new int[0] : pairs.encode(part));
            }
        }
        writer.gap(text.substring(seen));
    }

    /** Unicode's composed form, blanks as one, each letter small. */
    private static String normal(String text) {
        String composed = BLANKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFC)).replaceAll(" ");
        StringBuilder small = new StringBuilder(composed.length());
        // Letter by letter: within a word Java has two small sigmas, the tokenizer one.
        composed.codePoints().forEach(letter -> {
            small.appendCodePoint(letter == DOTTED_CAPITAL_I ? 'i' : Character.toLowerCase(letter));
            if (letter == DOTTED_CAPITAL_I) {
                small.append('\u0307');
            }
        });
        return small.toString();
    }

    /** Takes tokens while there is room, and keeps the text of those for which there is none. */
    private static final class Writer {
        private final long[] ids;
        private final StringBuilder lost = new StringBuilder();
        private int count;
        private boolean full;

        Writer(long[] ids) {
            this.ids = ids;
        }

        boolean isFull() {
            return full;
        }

        void gap(String blanks) {
            if (full) {
                lost.append(blanks);
            }
        }

        void add(int id) {
            ids[count++] = id;
        }

        void add(String word, int... tokens) {
            for (int k = 0; k < tokens.length && !full; k++) {
                // The last place is the end's.
                if (count == ids.length - 1) {
                    full = true;
                } else {
                    ids[count++] = tokens[k];
                }
            }
            if (full) {
                lost.append(word);
            }
        }
    }
}
