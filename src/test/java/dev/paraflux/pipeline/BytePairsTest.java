package dev.paraflux.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Byte-pair encoding against the rule itself, and on the longest word that a prompt may have. */
class BytePairsTest {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
    private static final int WORDS = 300;

    private final Map<String, Integer> vocabulary = new HashMap<>();
    private final List<String[]> pairs = new ArrayList<>();

    /** Every two of some letters become a token, and some of these with one more letter. */
    private BytePairs learn(int letters, Random random) {
        for (String letter : LETTERS.substring(0, letters).split("")) {
            vocabulary.put(letter, vocabulary.size());
            vocabulary.put(letter + BytePairs.END_OF_WORD, vocabulary.size());
        }
        List<String> words = new ArrayList<>(vocabulary.keySet());
        Collections.sort(words);
        for (int times = 0; times < 2; times++) {
            List<String> made = new ArrayList<>();
            for (String left : words) {
                for (String right : LETTERS.substring(0, letters).split("")) {
                    if (!left.endsWith(BytePairs.END_OF_WORD) && vocabulary.putIfAbsent(left + right,
                            vocabulary.size()) == null) {
                        made.add(left + right);
                        pairs.add(new String[] {left, right});
                    }
                }
            }
            words = made;
        }
        Collections.shuffle(pairs, random);
        return new BytePairs(vocabulary, pairs, 0, "test");
    }

    private static String word(int length, int letters, Random random) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append(LETTERS.charAt(random.nextInt(letters)));
        }
        return word.toString();
    }

    /** Looks for the first pair of all from the start again, each time. */
    private int[] byTheRule(String word) {
        List<String> pieces = new ArrayList<>(List.of(word.split("")));
        pieces.set(pieces.size() - 1, pieces.get(pieces.size() - 1) + BytePairs.END_OF_WORD);
        boolean merged = true;
        while (merged) {
            merged = false;
            for (int k = 0; k < pairs.size() && !merged; k++) {
                for (int i = 0; i + 1 < pieces.size(); i++) {
                    if (pieces.get(i).equals(pairs.get(k)[0]) && pieces.get(i + 1).equals(pairs.get(k)[1])) {
                        pieces.set(i, pieces.get(i) + pieces.remove(i + 1));
                        merged = true;
                    }
                }
            }
        }
        return pieces.stream().mapToInt(vocabulary::get).toArray();
    }

    @Test
    void mergesWhatWasLearntFirst() {
        Random random = new Random(1);
        BytePairs three = learn(3, random);
        for (int k = 0; k < WORDS; k++) {
            String word = word(1 + random.nextInt(30), 3, random);
            assertArrayEquals(byTheRule(word), three.encode(word), word);
        }
    }

    @Test
    void theLongestWordIsCutInMoments() {
        Random random = new Random(2);
        BytePairs all = learn(LETTERS.length(), random);
        String word = word(ClipTokenizer.MOST_LETTERS, LETTERS.length(), random);

        long since = System.nanoTime();
        int[] tokens = all.encode(word);

        assertTrue(System.nanoTime() - since < 20_000_000_000L);
        assertTrue(tokens.length < ClipTokenizer.MOST_LETTERS / 2);
        assertEquals(vocabulary.get(word.substring(word.length() - 1) + BytePairs.END_OF_WORD),
                tokens[tokens.length - 1]);
    }
}
