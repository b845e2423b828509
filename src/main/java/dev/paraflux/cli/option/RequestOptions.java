package dev.paraflux.cli.option;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.io.Npy;
import dev.paraflux.model.Condition;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.pipeline.PictureRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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

    @Option(names = "--seed", paramLabel = "SEED", defaultValue = "40", converter = SeedConverter.class,
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
        Typed.requireAlone("--count", count, "--labels", labels);
        if (count != null) {
            Require.between(1, Sampler.Builder.MAX_BATCH, "--count", count);
        }
        start = Typed.file("--noise", startFile, () -> Npy.read(startFile));
        rows = Typed.file("--row-noise", rowsFile, () -> Npy.read(rowsFile));
    }

    /** The files that are read. */
    Map<String, Path> files() {
        Map<String, Path> files = new HashMap<>();
        files.put("--noise", startFile);
        files.put("--row-noise", rowsFile);
        return files;
    }

    /** Whether noise of rows is given. */
    boolean hasRowNoise() {
        return rows != null;
    }

    /** Refuses noise in the rows, for something that takes none. */
    void requireNoRowNoise(String what) {
        if (rows != null) {
            throw new IllegalValueException("--row-noise", rowsFile, "left out, as " + what
                    + " takes no noise in its rows");
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

    /** Refuses labels, where there are prompts. */
    void requireNoLabels() {
        if (labels != null) {
            throw new IllegalValueException("--labels", labels, "left out where --pipeline is given");
        }
    }

    /** One picture for each prompt, or as many as were asked for. */
    List<PictureRequest> pictures(PipelineOptions pipelines, ModelCard card) {
        int number = count == null ? pipelines.texts().size() : count;
        float[] starts = noise("--noise " + startFile, start, number, card);
        List<PictureRequest> pictures = new ArrayList<>();
        for (int s = 0; s < number; s++) {
            PictureRequest picture = pipelines.picture(s).withSeed(seed + s);
            int dim = starts == null ? 0 : starts.length / number;
            pictures.add(starts == null ? picture
                    : picture.withStart(Arrays.copyOfRange(starts, s * dim, (s + 1) * dim)));
        }
        return pictures;
    }

    /** With the noise of the rows that was given, if it was. */
    Request withRowNoise(Request request, ModelCard card, int systemRows) {
        float[] shared = noise("--row-noise " + rowsFile, rows, systemRows, card);
        return shared == null ? request : request.withRowNoise(shared);
    }

    private int samples(ModelCard card) {
        if (count != null) {
            return count;
        }
        if (start != null && start.shape().length > 0) {
            return start.shape()[0];
        }
        return card.labels() > 0
                ? Math.min(SAMPLES_BY_DEFAULT, card.labels())
                : SAMPLES_BY_DEFAULT;
    }

    private static float[] noise(String option, Npy array, int count, ModelCard card) {
        if (array == null) {
            return null;
        }
        int[] shape = IntStream.concat(IntStream.of(count), card.shape().stream().mapToInt(Integer::intValue))
                .toArray();
        if (count == 0) {
            throw new IllegalValueException("number of samples", count, "1 or more").in(option);
        }
        return floats(option, array.requireFloatingPoint(option).requireShape(option, shape));
    }

    /** The values of a file that an option names, which must be finite floats. */
    static float[] floats(String option, Npy array) {
        try {
            return Require.finite("value", array.toFloats());
        } catch (IllegalValueException e) {
            throw e.in(option);
        }
    }
}
