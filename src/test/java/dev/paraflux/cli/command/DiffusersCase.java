package dev.paraflux.cli.command;

import dev.paraflux.cli.CommandRun;
import dev.paraflux.io.Npy;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of diffusers, of which the command is to reach the sample: an entry of the {@code index.json} that
 * {@code tools/diffusers_cases.py} describes.
 */
record DiffusersCase(Path folder, JsonValue entry) {

    static List<DiffusersCase> of(Path folder) throws IOException {
        return JsonFile.read(folder.resolve("index.json")).list().stream()
                .map(entry -> new DiffusersCase(folder, entry)).toList();
    }

    String name() {
        return entry.get("name").text();
    }

    /** Whether it is to be refused, as diffusers refuses it. */
    boolean refused() {
        return entry.get("refused").isPresent();
    }

    /** What the refusal has to say. */
    List<String> parts() {
        return entry.get("refused").list().stream().map(JsonValue::text).toList();
    }

    double tolerance() {
        return entry.get("tolerance").number();
    }

    /** Runs the command; what it saves goes into a folder of its own. */
    CommandRun run(Path output) {
        List<Object> words = new ArrayList<>(List.of("sample", "--guidance", 1, "--threads", 1, "--scheduler",
                file("config"), "--steps", entry.get("steps").integer(), "--labels", labels(), "--save", saved(output),
                "--out", output.resolve("sample.png")));
        if (!entry.get("model").text().equals("digits.pt")) {
            words.addAll(List.of("--model", file("model")));
        }
        if (entry.get("seed").isPresent()) {
            words.addAll(List.of("--seed", entry.get("seed").integer()));
        }
        if (entry.get("noise").isPresent()) {
            words.addAll(List.of("--noise", file("noise")));
        }
        if (entry.get("row_noise").isPresent()) {
            words.addAll(List.of("--row-noise", file("row_noise")));
        }
        if (entry.get("extra_args").isPresent()) {
            entry.get("extra_args").list().forEach(word -> words.add(word.text()));
        }
        return CommandRun.of(words.toArray());
    }

    /** The largest difference between what a run saved and the sample of diffusers; infinite where one is no number. */
    double difference(Path output) throws IOException {
        float[] found = Npy.read(saved(output)).toFloats();
        float[] expected = Npy.read(expected()).toFloats();
        double largest = found.length == expected.length ? 0 : Double.POSITIVE_INFINITY;
        for (int e = 0; e < found.length && largest < Double.POSITIVE_INFINITY; e++) {
            double difference = Math.abs((double) found[e] - expected[e]);
            largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return largest;
    }

    private Path expected() {
        return entry.get("expected").isPresent() ? file("expected") : folder.resolve(name() + ".sample.npy");
    }

    private Path file(String key) {
        return folder.resolve(entry.get(key).text());
    }

    private String labels() {
        return String.join(",", entry.get("labels").list().stream().map(label -> "" + label.integer()).toList());
    }

    private static Path saved(Path output) {
        return output.resolve("sample.npy");
    }

    @Override
    public String toString() {
        return name();
    }
}
