package dev.paraflux.examples.bulk;

import dev.paraflux.Request;
import dev.paraflux.json.JsonWriter;
import dev.paraflux.model.Sha256;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a job draws, and in which portions: all that its files depend on, and where executors find the model. Sample i has
 * the seed {@code seeds.first() + i}. Samples are drawn {@code atOnce} together, the same ones always, since a model's last
 * bits can depend on how many rows it is given at once.
 *
 * @param model    file, the same on every machine; null for the demo model
 * @param sha256   digest of its weights
 * @param card     digest of its card
 * @param guidance weight; 1 for none
 * @param steps    of the card's scheduler
 * @param labels   sample i has the label {@code i % labels.size()} of these; empty where the model takes none
 * @param atOnce   samples that are drawn together
 * @param replicas parts of a model call, each on a core
 * @param perFile  samples in a file
 */
record Job(String model, String sha256, String card, double guidance, int steps, MethodWord method, SeedRange seeds,
        List<Integer> labels, int atOnce, int replicas, int perFile) implements Serializable {
    private static final String NAME = "samples-%010d-%010d.parquet";

    /** What tells this job from others, by the options that say so. */
    Map<String, Object> description() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("weights of --model", sha256);
        all.put("card of --model", card);
        all.put("--guidance", guidance);
        all.put("--steps", steps);
        all.put("--method", method.toString());
        all.put("--seeds", seeds.toString());
        all.put("--labels", labels.toString());
        all.put("--at-once", atOnce);
        all.put("--replicas", replicas);
        all.put("--samples-per-file", perFile);
        return all;
    }

    /** A digest of the description, which stands in every file. */
    String digest() {
        return digest(JsonWriter.line(description()));
    }

    /** A digest of a text. */
    static String digest(String text) {
        MessageDigest digest = Sha256.begin();
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return Sha256.hex(digest);
    }

    /** How many files there are to be, 1 or more. */
    int files() {
        return (int) ((seeds.count() - 1L) / perFile) + 1;
    }

    /** The first sample of a file. */
    int begin(int file) {
        return file * perFile;
    }

    /** The sample after the last one of a file. */
    int end(int file) {
        return (int) Math.min(seeds.count(), (file + 1L) * perFile);
    }

    /** What a file is called: its first seed and its last. */
    String name(int file) {
        return NAME.formatted(seed(begin(file)), seed(end(file) - 1));
    }

    /** The seed of a sample. */
    long seed(int sample) {
        return seeds.first() + sample;
    }

    /** The label of a sample; null where the model takes none. */
    Integer label(int sample) {
        return labels.isEmpty() ? null : labels.get(sample % labels.size());
    }

    /** Requests of samples, from one to the one before another. */
    List<Request> requests(int from, int to) {
        return IntStream.range(from, to).mapToObj(sample -> {
            Request request = Request.seed(seed(sample));
            return labels.isEmpty() ? request : request.withLabel(label(sample));
        }).toList();
    }
}
