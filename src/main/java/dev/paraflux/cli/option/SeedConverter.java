package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import java.math.BigInteger;
import picocli.CommandLine.ITypeConverter;

/** Reads a seed as PyTorch does: any 64 bits, as a number with a sign or without one. */
final class SeedConverter implements ITypeConverter<Long> {
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MOST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    @Override
    public Long convert(String text) {
        // No more digits than the longest seed has: reading millions of them takes minutes.
        if (text.matches("[+-]?[0-9]{1,20}")) {
            BigInteger seed = new BigInteger(text);
            if (seed.compareTo(LEAST) >= 0 && seed.compareTo(MOST) <= 0) {
                return seed.longValue();
            }
        }
        throw new IllegalValueException("seed", text, "a whole number, " + LEAST + " to " + MOST);
    }
}
