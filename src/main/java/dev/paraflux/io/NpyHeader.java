package dev.paraflux.io;

import dev.paraflux.check.IllegalValueException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The dictionary at the head of a {@code .npy} file, such as
 * {@code {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }}, read as exactly that and nothing else.
 *
 * <p>Source: NumPy Enhancement Proposal 1 and numpy.lib.format.
 */
record NpyHeader(String descr, boolean fortranOrder, int[] shape) {
    /** As numpy.lib.format writes it, without the padding. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{'descr': '").append(descr).append("', 'fortran_order': ")
                .append(fortranOrder ? "True" : "False").append(", 'shape': (");
        for (int i = 0; i < shape.length; i++) {
            text.append(i == 0 ? "" : " ").append(shape[i]).append(i < shape.length - 1 || i == 0 ? "," : "");
        }
        return text.append("), }").toString();
    }

    /**
     * Reads a dictionary.
     *
     * @throws IOException           with what was found, where, and what was expected
     * @throws IllegalValueException of a key or a size that is not legal
     */
    static NpyHeader parse(String text) throws IOException {
        return new Parser(text).dictionary();
    }

    private static final class Parser {
        private final String text;
        private int position;

        Parser(String text) {
            this.text = text;
        }

        NpyHeader dictionary() throws IOException {
            String descr = null;
            Boolean fortranOrder = null;
            int[] shape = null;
            expect('{');
            while (!found('}')) {
                String key = string();
                expect(':');
                boolean repeated;
                switch (key) {
                    case "descr" -> {
                        repeated = descr != null;
                        descr = string();
                    }
                    case "fortran_order" -> {
                        repeated = fortranOrder != null;
                        fortranOrder = trueOrFalse();
                    }
                    case "shape" -> {
                        repeated = shape != null;
                        shape = tuple();
                    }
                    default -> throw new IllegalValueException("header key", key, "descr, fortran_order or shape");
                }
                if (repeated) {
                    throw new IOException("header key '" + key + "' appears twice");
                }
                if (!found(',')) {
                    expect('}');
                    break;
                }
            }
            if (position < text.length()) {
                throw unexpected("the end of the header");
            }
            if (descr == null || fortranOrder == null || shape == null) {
                throw new IOException("header key '"
                        + (descr == null ? "descr" : fortranOrder == null ? "fortran_order" : "shape")
                        + "' is missing");
            }
            return new NpyHeader(descr, fortranOrder, shape);
        }

        private int[] tuple() throws IOException {
            List<Integer> sizes = new ArrayList<>();
            expect('(');
            while (!found(')')) {
                sizes.add(size());
                if (!found(',')) {
                    expect(')');
                    break;
                }
            }
            return sizes.stream().mapToInt(Integer::intValue).toArray();
        }

        private int size() throws IOException {
            int start = position;
            while (position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9') {
                position++;
            }
            if (start == position) {
                throw unexpected("a size (digits)");
            }
            String digits = text.substring(start, position);
            skipSpaces();
            try {
                return Integer.parseInt(digits);
            } catch (NumberFormatException e) {
                throw new IllegalValueException("size in the shape", digits, "0 to " + Integer.MAX_VALUE, e);
            }
        }

        private boolean trueOrFalse() throws IOException {
            for (String word : List.of("True", "False")) {
                if (text.startsWith(word, position)) {
                    position += word.length();
                    skipSpaces();
                    return word.equals("True");
                }
            }
            throw unexpected("True or False");
        }

        private String string() throws IOException {
            char quote = position < text.length() ? text.charAt(position) : 0;
            int end = quote == '\'' || quote == '"' ? text.indexOf(quote, position + 1) : -1;
            if (end < 0) {
                throw unexpected("a quoted string");
            }
            String value = text.substring(position + 1, end);
            position = end + 1;
            skipSpaces();
            return value;
        }

        private void expect(char wanted) throws IOException {
            if (!found(wanted)) {
                throw unexpected("'" + wanted + "'");
            }
        }

        private boolean found(char wanted) {
            if (position < text.length() && text.charAt(position) == wanted) {
                position++;
                skipSpaces();
                return true;
            }
            return false;
        }

        private void skipSpaces() {
            while (position < text.length() && (text.charAt(position) == ' ' || text.charAt(position) == '\n')) {
                position++;
            }
        }

        private IOException unexpected(String wanted) {
            String rest = text.substring(position, Math.min(text.length(), position + 12));
            return new IOException("header has \"" + rest.replaceAll("[^ -~]", "?") + "\" at character "
                    + position + ", expected " + wanted);
        }
    }
}
