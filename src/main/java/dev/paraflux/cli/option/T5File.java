package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.io.Npy;
import dev.paraflux.model.TensorValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What T5 makes of texts, as a file has it. */
final class T5File {
    /** What the library calls them. */
    static final String VECTORS = "T5's vectors";

    private T5File() {}

    /** Of so many texts, from [texts, tokens, width]; null, if the option was not given. */
    static List<TensorValue> read(String option, Path file, int texts) throws IOException {
        Npy array = Typed.file(option, file, () -> Npy.read(file));
        if (array == null) {
            return null;
        }
        int[] shape = array.shape();
        if (shape.length != 3 || shape[0] != texts) {
            throw new IllegalValueException(option, file, "an array of [" + texts
                    + ", tokens, width], a matrix for each text; it is " + Arrays.toString(shape));
        }
        float[] all = RequestOptions.floats(option + " " + file, array);
        int length = all.length / texts;
        List<TensorValue> vectors = new ArrayList<>();
        for (int k = 0; k < texts; k++) {
            float[] one = Arrays.copyOfRange(all, k * length, (k + 1) * length);
            vectors.add(Typed.setting("values", option, () -> TensorValue.of(one, shape[1], shape[2])));
        }
        return vectors;
    }
}
