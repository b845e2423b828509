package dev.paraflux.cli;

import dev.paraflux.Request;
import dev.paraflux.io.Npy;
import dev.paraflux.model.Condition;
import dev.paraflux.model.ModelCard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say what to draw, and from which noise: they make one request for each sample. */
final class RequestOptions {
    private static final int SAMPLES_BY_DEFAULT = 10;

    @Option(names = "--labels", split = ",", paramLabel = "LABEL",
            description = "What to draw, one sample for each. Default: the labels 0, 1, 2, ...")
    private List<Integer> labels;

    @Option(names = "--count", paramLabel = "N",
            description = "How many samples, with labels 0, 1, 2, ... round and round where the model has labels."
                    + " Default: one of each label, up to ten.")
    private Integer count;

    @Option(names = "--seed", paramLabel = "SEED", defaultValue = "40",
            description = "Seed of the first sample; the next ones take the next seeds. A seed gives the noise that"
                    + " torch.manual_seed gives in PyTorch. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--noise", paramLabel = "FILE.npy",
            description = "Start noise, [samples, C, H, W]. Default: drawn from the seeds.")
    private Path startFile;

    @Option(names = "--row-noise", paramLabel = "FILE.npy",
            description = "Noise of the solver's rows, [rows, C, H, W], shared by the samples: a row a step, or a few. Default:"
                    + " drawn from the seeds.")
    private Path rowsFile;

    private Npy start;
    private Npy rows;

    /** Checks what can be checked without a model, and reads the files. */
    void read() throws IOException {
        if (labels != null && count != null) {
            throw new IllegalArgumentException("--labels and --count: give one of them");
        }
        if (count != null && count < 1) {
            throw new IllegalArgumentException("--count " + count + ": must be 1 or more");
        }
        start = startFile == null ? null : Npy.read(startFile);
        rows = rowsFile == null ? null : Npy.read(rowsFile);
    }

    /** Refuses noise in the rows, for something that takes none. */
    void requireNoRowNoise(String what) {
        if (rows != null) {
            throw new IllegalArgumentException("--row-noise " + rowsFile + ": " + what + " takes no noise in its rows");
        }
    }

    /** One request for each sample. */
    List<Request> requests(ModelCard card, int systemRows) {
        List<Condition> conditions = Labels.conditions(card, labels, samples(card));
        float[] starts = noise("--noise " + startFile, start, conditions.size(), card);
        float[] shared = noise("--row-noise " + rowsFile, rows, systemRows, card);
        List<Request> requests = new ArrayList<>();
        for (int s = 0; s < conditions.size(); s++) {
            float[] own = null;
            if (starts != null) {
                int dim = starts.length / conditions.size();
                own = Arrays.copyOfRange(starts, s * dim, (s + 1) * dim);
            }
            requests.add(Request.seed(seed + s).withCondition(conditions.get(s)).withStart(own).withRowNoise(shared));
        }
        return requests;
    }

    private int samples(ModelCard card) {
        if (count != null) {
            return count;
        }
        if (start != null && start.shape().length > 0) {
            return start.shape()[0];
        }
        return card.input() == ModelCard.Input.LABEL
                ? Math.min(SAMPLES_BY_DEFAULT, card.labels())
                : SAMPLES_BY_DEFAULT;
    }

    private static float[] noise(String option, Npy array, int count, ModelCard card) {
        if (array == null) {
            return null;
        }
        List<Integer> shape = card.shape();
        if (count == 0) {
            throw new IllegalArgumentException(option + " holds no samples: must hold 1 or more");
        }
        float[] values = array.requireFloatingPoint(option)
                .requireShape(option, count, shape.get(0), shape.get(1), shape.get(2)).toFloats();
        requireFinite(option, values);
        return values;
    }

    /** Refuses values that are not finite, by the name of the option that gave them. */
    static void requireFinite(String option, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException(option + ": value " + i + " is " + values[i] + ": must be finite");
            }
        }
    }
}
