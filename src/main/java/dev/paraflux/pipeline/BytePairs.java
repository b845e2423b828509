package dev.paraflux.pipeline;

import dev.paraflux.check.IllegalValueException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Byte-pair encoding (Sennrich et al., arXiv 1508.07909) over bytes: a word is cut into its bytes, and of neighbours the
 * pair that was learnt first is merged, again and again. Immutable.
 */
final class BytePairs {
    /** What the last piece of a word ends in. */
    static final String END_OF_WORD = "</w>";

    private static final int BYTES = 256;
    /** No token: what stood here is a part of the one before. */
    private static final int GONE = -1;

    private final int[] inside = new int[BYTES];
    private final int[] last = new int[BYTES];
    /** Of a pair of tokens: its rank, and the token that it becomes. */
    private final Map<Long, long[]> merges = new HashMap<>();

    /**
     * Makes the tables.
     *
     * @param vocabulary tokens as files have them, each byte a printable letter
     * @param pairs      what is merged, first the one that was learnt first
     * @param unknown    the token of a byte that has none
     * @param place      where the pairs were read, for messages
     * @throws IllegalValueException if a pair, or what it becomes, is not in the vocabulary
     */
    BytePairs(Map<String, Integer> vocabulary, List<String[]> pairs, int unknown, String place) {
        char[] letters = letters();
        for (int value = 0; value < BYTES; value++) {
            inside[value] = vocabulary.getOrDefault(String.valueOf(letters[value]), unknown);
            last[value] = vocabulary.getOrDefault(letters[value] + END_OF_WORD, unknown);
        }
        for (String[] pair : pairs) {
            Integer left = vocabulary.get(pair[0]);
            Integer right = vocabulary.get(pair[1]);
            Integer both = vocabulary.get(pair[0] + pair[1]);
            if (left == null || right == null || both == null) {
                throw new IllegalValueException("merge " + (merges.size() + 1), pair[0] + " " + pair[1],
                        "a pair of tokens which, like what they become, the vocabulary has").in(place);
            }
            merges.putIfAbsent(key(left, right), new long[] {merges.size(), both});
        }
    }

    /** The printable letter that stands for each byte in files: GPT-2's alphabet. */
    private static char[] letters() {
        char[] letters = new char[BYTES];
        int others = 0;
        for (int value = 0; value < BYTES; value++) {
            boolean printable = value >= '!' && value <= '~' || value >= 0xa1 && value <= 0xac || value >= 0xae;
            letters[value] = (char) (printable ? value : BYTES + others++);
        }
        return letters;
    }

    private static long key(int left, int right) {
        return (long) left << Integer.SIZE | right;
    }

    /** The tokens of a word of one letter or more, in time of its length times the logarithm of that. */
    int[] encode(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        int[] tokens = new int[bytes.length];
        for (int i = 0; i < tokens.length; i++) {
            int value = bytes[i] & 0xff;
            tokens[i] = i + 1 < tokens.length ? inside[value] : last[value];
        }
        new Word(tokens).merge();
        return Arrays.stream(tokens).filter(token -> token != GONE).toArray();
    }

    /** The tokens of a word while pairs of them are merged: the left one's place is kept, and the right one's is gone. */
    private final class Word {
        private final int[] tokens;
        private final int[] before;
        private final int[] behind;
        /** Pairs that can be merged, as rank and place of the left one; what has changed since is passed over. */
        private final PriorityQueue<Long> waiting = new PriorityQueue<>();

        Word(int[] tokens) {
            this.tokens = tokens;
            before = new int[tokens.length];
            behind = new int[tokens.length];
            for (int i = 0; i < tokens.length; i++) {
                before[i] = i - 1;
                behind[i] = i + 1;
            }
            for (int i = 0; i < tokens.length; i++) {
                offer(i);
            }
        }

        /** What can be made of the token of a place and the next one; null if nothing can. */
        private long[] at(int place) {
            return place < 0 || behind[place] >= tokens.length ? null
                    : merges.get(key(tokens[place], tokens[behind[place]]));
        }

        private void offer(int place) {
            long[] merge = at(place);
            if (merge != null) {
                waiting.add(merge[0] << Integer.SIZE | place);
            }
        }

        /** Merges of all pairs the one that was learnt first wherever it stands, from left to right; and so on. */
        void merge() {
            while (!waiting.isEmpty()) {
                long rank = waiting.peek() >> Integer.SIZE;
                List<Integer> merged = new ArrayList<>();
                while (!waiting.isEmpty() && waiting.peek() >> Integer.SIZE == rank) {
                    int place = waiting.remove().intValue();
                    long[] merge = at(place);
                    if (merge != null && merge[0] == rank) {
                        merge(place, (int) merge[1]);
                        merged.add(place);
                    }
                }
                for (int place : merged) {
                    offer(before[place]);
                    offer(place);
                }
            }
        }

        private void merge(int place, int both) {
            int right = behind[place];
            tokens[place] = both;
            tokens[right] = GONE;
            behind[place] = behind[right];
            if (behind[place] < tokens.length) {
                before[behind[place]] = place;
            }
        }
    }

    /** Pairs as lines or texts of two tokens have them. */
    static String[] pair(String text) {
        int blank = text.indexOf(' ');
        return blank <= 0 || blank != text.lastIndexOf(' ') || blank == text.length() - 1 ? null
                : new String[] {text.substring(0, blank), text.substring(blank + 1)};
    }
}
