package dev.paraflux.model.pretrained;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.TensorValue;
import java.util.Arrays;

/** What a network of a backend answers, checked. */
public final class NetworkAnswer {
    private NetworkAnswer() {}

    /**
     * How many values an output has.
     *
     * @param shape of it
     * @throws RefusedCall if it has none, or more than an array of Java holds
     */
    public static int values(String output, long... shape) {
        long values = 1;
        for (long size : shape) {
            values = size < 1 || values > Integer.MAX_VALUE / size ? 0 : values * size;
        }
        if (values == 0) {
            throw RefusedCall.answered("its output " + output + " has the shape " + Arrays.toString(shape)
                    + ", and must have sizes of 1 or more, together at most " + Integer.MAX_VALUE + " values");
        }
        return (int) values;
    }

    /**
     * An output's value.
     *
     * @param values as many as {@link #values} says
     * @throws RefusedCall if one of them is not finite
     */
    public static TensorValue of(String output, float[] values, long... shape) {
        try {
            return TensorValue.of(values, Arrays.stream(shape).mapToInt(Math::toIntExact).toArray());
        } catch (IllegalValueException e) {
            throw RefusedCall.answered("its output " + output + " is not finite: a file of float16 may need one of"
                    + " float32 in its place");
        }
    }
}
