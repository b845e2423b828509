package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.cli.CommandRun;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Steps of a pipeline are corrected by coefficients that were fitted to samples of prompts. */
class PipelineFitTest extends PipelineRuns {
    private static final List<Object> SMALL = List.of("--steps", 5, "--fine", 5, "--samples", 12, "--held-out", 8);

    private static CommandRun fit(Object... more) {
        List<Object> arguments = new ArrayList<>(SMALL);
        arguments.addAll(Arrays.asList(more));
        return on("fit", arguments.toArray());
    }

    @Test
    void correctedStepsDrawNewPromptsNearerToManySteps() throws IOException {
        Path file = folder.resolve("coeffs.json");
        fit("--prompt", "a red square", "--prompt", "two small green circles", "--negative", "blurry", "--out",
                file).requireCode(0);
        CommandRun compared = on("compare", "--prompt", "a blue cross", "--negative", "blurry", "--iia", file,
                "--methods", "picard", "--count", 4, "--json").requireCode(0);

        JsonValue json = JsonFile.parse(compared.output(), "output");
        assertTrue(json.get("ratio").number() < 1, compared.output());
        on("sample", "--prompt", "a blue cross", "--negative", "other", "--iia", file, "--out",
                folder.resolve("a.png")).requireRefusal(2, "as when the coefficients were fitted");
        on("sample", "--prompt", "a blue cross", "--negative", "blurry", "--guidance", 3, "--iia", file, "--out",
                folder.resolve("a.png")).requireRefusal(2, "--guidance 3.0: must be 7.5");
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        Path file = folder.resolve("coeffs.json");
        fit("--out", file).requireRefusal(2, "--prompt missing: must be given where --pipeline is");
        fit("--prompt", "x", "--labels", 1, "--out", file).requireRefusal(2,
                "--labels [1]: must be left out where --pipeline is given");
        fit("--prompt", "x", "--model", "m.pt", "--out", file).requireRefusal(2,
                "--model m.pt: must be left out where --pipeline is given");
        assertEquals(false, Files.exists(file));
    }
}
