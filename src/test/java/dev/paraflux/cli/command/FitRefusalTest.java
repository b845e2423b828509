package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code paraflux fit} refuses: always exit code 2, the value and what is legal, and no file. */
class FitRefusalTest {
    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsWritten() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    /** Where the model is missing too, its message would show were it looked for first. */
    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    --fine 0 --model no.pt           | --fine 0: must be 1 to 1000
                    --samples 0 --model no.pt        | --samples 0: must be 1 or more
                    --held-out 1 --model no.pt       | --held-out 1: must be 2 or more
                    --batch 0 --model no.pt          | --batch 0: must be 1 to 65536
                    --batch 65537 --model no.pt      | --batch 65537: must be 1 to 65536
                    --ridge -1 --model no.pt         | --ridge -1.0: must be 0 or more, and finite
                    --ridge NaN --model no.pt        | --ridge NaN: must be 0 or more, and finite
                    --samples many                   | --samples "many": must be a whole number
                    --seed 1.5                       | --seed "1.5": must be a whole number, -9223372036854775808 to
                    --vectors slope                  | --vectors "slope": must be some of differences, noise, evaluations, slopes, residues
                    --history 3 --model no.pt        | --history 3: must be 0 to 2 with vectors EVALUATIONS
                    --history -1 --model no.pt       | --history -1: must be 0 to 2 with vectors EVALUATIONS
                    --vectors noise --history 1 --model no.pt | --history 1: must be 0 with vectors NOISE
                    --vectors evaluations,residues --history 2 --model no.pt | --history 2: must be 0 to 1 with vectors RESIDUES
                    --solver ddpm                    | solver ddpm (variance FIXED_SMALL): must be one that takes no noise
                    --eta 0.5                        | solver ddim (eta 0.5, noiseInLastStep false): must be one that takes no noise
                    --vectors slopes                 | correction SLOPES with history 0: must be one whose vectors a step of ddim
                    --steps 0                        | --steps 0: must be 1 or more
                    --labels 10                      | --labels 10: must be 0 to 9
                    --threads 0 --model no.pt        | --threads 0: must be 1 to
                    --model no.pt                    | no.pt does not exist
                    --iia coeffs.json                | Unknown option
                    --method picard                  | Unknown option
                    """)
    void aValueThatCannotBeUsed(String arguments, String message) {
        Fits.fit(folder.resolve("coeffs.json"), (Object[]) arguments.split(" ")).requireRefusal(2, message);
    }

    @Test
    void aFileThatCannotBeWrittenIsRefusedBeforeTheModelIsLoaded() {
        Path file = folder.resolve("no/coeffs.json");
        Fits.fit(file, "--model", "no.pt").requireRefusal(2, "cannot write " + file, "does not exist");
        Fits.fit(folder, "--model", "no.pt").requireRefusal(2, "--out",
                "must be the name of a file that ends in .json");
    }
}
