package dev.paraflux.json;

import java.util.Collection;
import java.util.Comparator;

/** The word that somebody may have meant. */
final class Nearest {
    private Nearest() {}

    /** Of the legal words, the one that takes the fewest changes of a letter; the first of several. */
    static String of(String word, Collection<String> legal) {
        return legal.stream().min(Comparator.comparingInt(other -> distance(word, other))).orElseThrow();
    }

    /** Letters to insert, to drop or to replace (Levenshtein). */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
