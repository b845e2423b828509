package dev.paraflux.check;

import java.util.Collection;
import java.util.stream.Collectors;

/** Checks of values, each of which ends in an {@link IllegalValueException} or gives the value back. */
public final class Require {
    private Require() {}

    /** Any condition. On a path where nothing may be allocated, write the condition out instead. */
    public static void that(boolean legal, String name, Object value, String range) {
        if (!legal) {
            throw new IllegalValueException(name, value, range);
        }
    }

    /** A whole number from {@code least} on. */
    public static int atLeast(int least, String name, int value) {
        if (value < least) {
            throw new IllegalValueException(name, value, least + " or more");
        }
        return value;
    }

    /** A whole number from {@code least} to {@code most}. */
    public static int between(int least, int most, String name, int value) {
        between((long) least, most, name, value);
        return value;
    }

    /** A whole number from {@code least} to {@code most}. */
    public static long between(long least, long most, String name, long value) {
        if (value < least || value > most) {
            throw new IllegalValueException(name, value, least == most ? String.valueOf(least) : least + " to " + most);
        }
        return value;
    }

    /** A number from {@code least} to {@code most}. */
    public static double between(double least, double most, String name, double value) {
        if (!(value >= least && value <= most)) {
            throw new IllegalValueException(name, value, text(least) + " to " + text(most));
        }
        return value;
    }

    /** A number that is neither infinite nor NaN. */
    public static double finite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalValueException(name, value, "finite");
        }
        return value;
    }

    /** A finite number above 0. */
    public static double positive(String name, double value) {
        if (!(value > 0 && Double.isFinite(value))) {
            throw new IllegalValueException(name, value, "above 0, and finite");
        }
        return value;
    }

    /** A finite number, 0 or above. */
    public static double notNegative(String name, double value) {
        if (!(value >= 0 && Double.isFinite(value))) {
            throw new IllegalValueException(name, value, "0 or more, and finite");
        }
        return value;
    }

    /** Values that are all finite; the first that is not is named with its index. */
    public static float[] finite(String name, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalValueException(name + "[" + i + "]", values[i], "finite");
            }
        }
        return values;
    }

    /** A number of values. */
    public static void length(long expected, String name, long found) {
        if (found != expected) {
            throw new IllegalValueException("number of values of " + name, found, String.valueOf(expected));
        }
    }

    /** One of a few values. */
    public static <T> T oneOf(Collection<? extends T> legal, String name, T value) {
        if (!legal.contains(value)) {
            throw new IllegalValueException(name, value,
                    (legal.size() == 1 ? "" : "one of ")
                            + legal.stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
        return value;
    }

    /** 1 for 1.0: whole bounds read better so. */
    private static String text(double bound) {
        return bound == Math.rint(bound) && Math.abs(bound) < 1e9 ? String.valueOf((long) bound)
                : String.valueOf(bound);
    }
}
