package dev.paraflux.model;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;

/** Checks of the sizes of arrays. */
final class Shapes {
    /** Most values that a row can have: Java counts the bytes of memory that it sees in an int. */
    private static final int MOST_VALUES = Integer.MAX_VALUE / Float.BYTES;

    private Shapes() {}

    /**
     * The number of values of a shape.
     *
     * @throws IllegalValueException if there is no size, a size is below 1, or there are more values than a row can have
     */
    static int dim(String name, int... shape) {
        Require.that(shape.length > 0, "number of sizes of " + name, 0, "1 or more");
        long values = 1;
        for (int i = 0; i < shape.length; i++) {
            Require.atLeast(1, name + "[" + i + "]", shape[i]);
            values *= shape[i];
            if (values > MOST_VALUES) {
                throw new IllegalValueException("number of values of " + name, values, "at most " + MOST_VALUES);
            }
        }
        return (int) values;
    }
}
