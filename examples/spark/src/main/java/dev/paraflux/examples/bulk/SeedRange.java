package dev.paraflux.examples.bulk;

import dev.paraflux.check.IllegalValueException;
import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;

/**
 * The seeds of a job, one a sample.
 *
 * @param first 0 or more
 * @param last  {@code first} to {@value #MOST}: PyTorch's generator tells no more seeds than 32 bits do from each other
 */
record SeedRange(long first, long last) implements Serializable {
    static final long MOST = (1L << 32) - 1;
    private static final String LEGAL = "FIRST-LAST, whole numbers of 0 to " + MOST
            + ", LAST not below FIRST, and no more than " + Integer.MAX_VALUE + " of them";

    /** Checks the numbers. */
    SeedRange {
        if (first < 0 || last < first || last > MOST || last - first >= Integer.MAX_VALUE) {
            throw new IllegalValueException("--seeds", first + "-" + last, LEGAL);
        }
    }

    /** How many. */
    int count() {
        return (int) (last - first + 1);
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }

    /** Reads FIRST-LAST. */
    static final class Converter implements ITypeConverter<SeedRange> {
        private static final Pattern FORM = Pattern.compile("([0-9]{1,10})-([0-9]{1,10})");

        @Override
        public SeedRange convert(String text) {
            Matcher read = FORM.matcher(text);
            if (!read.matches()) {
                throw new IllegalValueException("--seeds", text, LEGAL);
            }
            return new SeedRange(Long.parseLong(read.group(1)), Long.parseLong(read.group(2)));
        }
    }
}
