package dev.paraflux.cli.option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that say where the samples go. */
public final class OutputOptions {
    @Option(names = "--out", paramLabel = "FILE.png", defaultValue = "samples.png",
            description = "The picture, a .png or a .jpg. Default: ${DEFAULT-VALUE}.")
    private Path picture;

    @Option(names = "--save", paramLabel = "FILE.npy", description = "Also save the samples, [samples, C, H, W].")
    private Path array;

    @Option(names = "--json", description = "Print one JSON object about the run, and nothing else.")
    private boolean json;

    /** Refuses files that could not be written, while nothing has been done yet. */
    public void check(Map<String, Path> inputs) throws IOException {
        Outputs.check("--out", picture, inputs);
        if (array != null) {
            Map<String, Path> others = new HashMap<>(inputs);
            others.put("--out", picture);
            Outputs.check("--save", array, others);
        }
    }

    /** The picture's file. */
    public Path picture() {
        return picture;
    }

    /** The file of the values; null for none. */
    public Path array() {
        return array;
    }

    /** Whether JSON is to be printed, and nothing else. */
    public boolean json() {
        return json;
    }
}
