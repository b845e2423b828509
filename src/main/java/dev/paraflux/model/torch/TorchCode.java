package dev.paraflux.model.torch;

import java.io.IOException;
import java.util.Arrays;

/**
 * Counts how deep the code of a TorchScript file nests, and how long it is. libtorch reads it by recursion, without a
 * bound, and ends the process where its stack ends: what it is given has to fit that of {@link TorchRoom}. The words of the
 * code are told apart as libtorch's own reader does it.
 */
final class TorchCode {
    /** Words, one inside or behind the other, without a comma between them. What torch.jit.save writes has some hundreds. */
    private static final int MOST_NESTED = 10_000;
    /** Python's own limit is 100. */
    private static final int MOST_BLOCKS = 1000;
    private static final int MOST_LINES = 200_000;
    private static final int MOST_CLASSES = 20_000;

    private int lines;
    private int classes;

    /** Reads one entry. */
    private final class Text {
        private final byte[] code;
        private int at;
        /** Of the expression that is being read. */
        private int level;
        /** What the level was where each bracket that is open began. */
        private int[] brackets = new int[16];
        private int open;
        /** How far each block that is open stands to the right, and how many elif it has had. */
        private int[] margins = new int[16];
        private int[] branches = new int[16];
        private int blocks;
        private int depth;

        Text(byte[] code) {
            this.code = code;
        }

        void check() throws IOException {
            boolean begins = true;
            while (at < code.length) {
                int from = at;
                byte next = code[at];
                if (next == '\n') {
                    at++;
                    begins |= open == 0;
                } else if (next == '\\' && at + 1 < code.length && code[at + 1] == '\n') {
                    at += 2;
                } else if (isSpace(next)) {
                    at++;
                } else if (next == '#') {
                    skipLine();
                } else {
                    at += lengthOfWord();
                    if (begins) {
                        begin(from);
                        begins = false;
                    }
                    count(next);
                }
            }
        }

        private void skipLine() {
            while (at < code.length && code[at] != '\n') {
                at++;
            }
        }

        /** A name or number, a text, or one sign. */
        private int lengthOfWord() {
            int end = at;
            while (end < code.length && isOfName(code[end])) {
                end++;
            }
            return end > at ? end - at : Math.max(1, lengthOfText());
        }

        /** 0 if there is none. */
        private int lengthOfText() {
            byte quote = code[at];
            if (quote != '\'' && quote != '"') {
                return 0;
            }
            boolean three = at + 2 < code.length && code[at + 1] == quote && code[at + 2] == quote;
            int marks = three ? 3 : 1;
            for (int end = at + marks; end + marks <= code.length; end++) {
                if (code[end] == quote && (!three || code[end + 1] == quote && code[end + 2] == quote)) {
                    return end + marks - at;
                }
                if (code[end] == '\n' && !three) {
                    return 0;
                }
                end += code[end] == '\\' ? 1 : 0;
            }
            return 0;
        }

        /** A line of its own begins with the word that has just been read. */
        private void begin(int from) throws IOException {
            lines++;
            level = 0;
            int line = from;
            while (line > 0 && code[line - 1] != '\n') {
                line--;
            }
            int margin = from - line;
            while (blocks > 0 && margins[blocks - 1] > margin) {
                blocks--;
                depth -= 1 + branches[blocks];
            }
            if (blocks == 0 || margins[blocks - 1] < margin) {
                margins = grown(margins, blocks);
                branches = grown(branches, blocks);
                margins[blocks] = margin;
                branches[blocks++] = 0;
                depth++;
            } else if (is("elif", from)) {
                // Each is a block in the one before.
                branches[blocks - 1]++;
                depth++;
            } else if (!is("else", from)) {
                depth -= branches[blocks - 1];
                branches[blocks - 1] = 0;
            }
            classes += is("class", from) ? 1 : 0;
            require(depth <= MOST_BLOCKS, "its code has more than " + MOST_BLOCKS + " blocks in one another");
            require(lines <= MOST_LINES, "its code has more than " + MOST_LINES + " lines");
            require(classes <= MOST_CLASSES, "its code has more than " + MOST_CLASSES + " classes");
        }

        private boolean is(String word, int from) {
            return at - from == word.length() && Arrays.equals(code, from, at, word.getBytes(), 0, word.length());
        }

        private void count(byte sign) throws IOException {
            switch (sign) {
                case '(', '[', '{' -> {
                    brackets = grown(brackets, open);
                    brackets[open++] = level++;
                }
                case ')', ']', '}' -> level = open > 0 ? brackets[--open] + 1 : level + 1;
                case ',' -> level = open > 0 ? brackets[open - 1] + 1 : 0;
                default -> level++;
            }
            require(level <= MOST_NESTED, "its code has an expression of more than " + MOST_NESTED
                    + " words in one another");
        }
    }

    /**
     * Checks one entry, and counts it with those before.
     *
     * @throws IOException saying what there is too much of
     */
    void check(byte[] code) throws IOException {
        new Text(code).check();
    }

    private static int[] grown(int[] values, int used) {
        return used < values.length ? values : Arrays.copyOf(values, 2 * used);
    }

    private static boolean isOfName(byte letter) {
        return letter == '_' || letter >= '0' && letter <= '9' || (letter | 0x20) >= 'a' && (letter | 0x20) <= 'z';
    }

    private static boolean isSpace(byte letter) {
        return letter == ' ' || letter >= '\t' && letter <= '\r';
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
