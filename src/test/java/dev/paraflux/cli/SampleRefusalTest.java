package dev.paraflux.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.io.Npy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code paraflux sample} refuses: always exit code 2, the value and what is legal, and no file. */
class SampleRefusalTest {
    @TempDir
    private Path folder;
    @TempDir
    private Path inputs;

    private void requireRefusal(List<Object> arguments, String... parts) {
        List<Object> all = new ArrayList<>(List.of("sample"));
        if (!arguments.contains("--steps")) {
            all.addAll(List.of("--steps", 2));
        }
        if (!arguments.contains("--out")) {
            all.addAll(List.of("--out", folder.resolve("samples.png")));
        }
        all.addAll(arguments);
        CommandRun.of(all.toArray()).requireRefusal(2, parts);
    }

    @AfterEach
    void nothingIsWritten() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --steps 0           | steps = 0, legal: 1 to 1000
            --steps -3          | steps = -3, legal: 1 to 1000
            --steps 1001        | steps = 1001, legal: 1 to 1000
            --steps ten         | '--steps': 'ten' is not an int
            --labels 10         | label 10: must be 0 to 9, for model digits
            --labels 3,-1       | label -1: must be 0 or more
            --labels 3,three    | '--labels' (LABEL): 'three' is not an int
            --count 0           | --count 0: must be 1 or more
            --labels 1 --count 2| --labels and --count: give one of them
            --eta 1.5           | eta 1.5: must be 0 to 1
            --eta NaN           | eta NaN: must be 0 to 1
            --eta -0.5 --model no.pt | eta -0.5: must be 0 to 1
            --solver ddpm --eta 0 --model no.pt | --eta 0.0: only ddim has an eta, and --solver is ddpm
            --solver rk4        | spndm, ipndm, plms, deis, flow-heun] (case-insensitive) but was 'rk4'
            --solver dpm++-3m --model no.pt | --steps 2: must be 3 or more with --solver dpm++-3m
            --solver unipc-3 --model no.pt  | --steps 2: must be 3 or more with --solver unipc-3
            --solver ipndm --model no.pt    | --steps 2: must be 4 or more with --solver ipndm
            --solver deis --model no.pt     | --steps 2: must be 3 or more with --solver deis
            --solver unipc-2 --steps 1 --model no.pt | --steps 1: must be 2 or more with --solver unipc-2
            --solver unipc-2 --steps 0 | steps = 0, legal: 1 to 1000
            --solver flow-heun  | legal: alpha + sigma = 1, the line of flow matching
            --sigmas linear     | expected one of [KARRAS, EXPONENTIAL] (case-insensitive) but was 'linear'
            --sigmas karras --spacing leading | --spacing LEADING and --sigmas KARRAS: give one of them
            --sigmas karras --steps 0 | steps = 0, legal: 1 or more
            --rescale 1.5 --model no.pt | rescale 1.5: must be 0 to 1
            --guidance-interval 1 --model no.pt | --guidance-interval [1.0]: must be two numbers, LOW,HIGH
            --guidance-interval 1,2,3 --model no.pt | --guidance-interval [1.0, 2.0, 3.0]: must be two numbers
            --guidance-interval 2,1 --model no.pt | upTo 1.0: must be above the interval's other end, 2.0
            --guidance-interval -1,1 --model no.pt | above -1.0: must be 0 or more, and finite
            --clip 0 --model no.pt | limit 0.0: must be above 0 and finite
            --clip Infinity --model no.pt | limit Infinity: must be above 0 and finite
            --threshold 1.5 --model no.pt | percentile 1.5: must be 0 to 1
            --threshold NaN --model no.pt | percentile NaN: must be 0 to 1
            --clip 1 --threshold 0.9 --model no.pt | --clip 1.0 and --threshold 0.9: give one of them
            --spacing karras    | expected one of [LEADING, TRAILING, LINSPACE] (case-insensitive) but was 'karras'
            --guidance NaN      | weight NaN: must be finite
            --seed 1.5          | '--seed': '1.5' is not a long
            --method jacobi     | one of [SEQUENTIAL, PICARD, PARATAA, SRDS, CHORDS] (case-insensitive) but was
            --window 3          | --window: sequential has no such setting, legal: none
            --method picard --order 3 | --order: picard has no such setting, legal: --window, --tolerance, --max-rounds
            --method picard --history 3 | --history: picard has no such setting
            --method picard --ridge 0.1 | --ridge: picard has no such setting
            --method picard --relative-tolerance 0.1 | --relative-tolerance: picard has no such setting
            --method picard --first-guess x0 | --first-guess: picard has no such setting
            --method picard --window 0 | window 0: must be 1 or more
            --method picard --tolerance NaN | tolerance NaN: must be 0 or more, and finite
            --method picard --max-rounds 0 | maxRounds 0: must be 1 or more
            --method parataa --window -1 | window -1: must be 1 or more
            --method parataa --order 0 | order 0: must be 1 or more
            --method parataa --history 9 | history 9: must be 1 to 8
            --method parataa --history three | '--history': 'three' is not an int
            --method parataa --ridge -1 | ridge -1.0: must be 0 or more, and finite
            --method parataa --tolerance -0.5 | absoluteTolerance -0.5: must be 0 or more, and finite
            --method parataa --relative-tolerance Infinity | relativeTolerance Infinity: must be 0 or more, and finite
            --method parataa --max-rounds 0 | maxRounds 0: must be 1 or more
            --method parataa --first-guess warm | '--first-guess': 'warm': must be copy, x0, coarse, or coarse:STEPS
            --method parataa --first-guess coarse:0 | '--first-guess': 'coarse:0': must be copy, x0, coarse,
            --method parataa --first-guess coarse:x | '--first-guess': 'coarse:x': must be copy, x0, coarse,
            --barrier           | --barrier: sequential has no such setting, legal: none
            --method picard --pixel-tolerance 1 | --pixel-tolerance: picard has no such setting, legal: --window,
            --method srds --window 3 | --window: srds has no such setting, legal: --blocks, --barrier,
            --method srds --cores 3 | --cores: srds has no such setting
            --method srds --starts 0 | --starts: srds has no such setting
            --method chords --blocks 3 | --blocks: chords has no such setting, legal: --cores, --starts,
            --method chords --barrier | --barrier: chords has no such setting
            --method parataa --max-refinements 3 | --max-refinements: parataa has no such setting
            --method srds --blocks 0 --model no.pt | blocks 0: must be 1 or more
            --method srds --blocks 3 | blocks 3: must be 1 to 2, the number of the solver's steps
            --method srds --pixel-tolerance -1 --model no.pt | tolerance -1.0: must be 0 or more, and finite
            --method srds --max-refinements -1 --model no.pt | maxRefinements -1: must be 0 or more
            --method chords --cores 0 --model no.pt | cores 0: must be 1 to 64
            --method chords --cores 65 --model no.pt | cores 65: must be 1 to 64
            --method chords --starts 0.1,0.2 --model no.pt | starts [0.1, 0.2]: must begin with 0
            --method chords --starts 0,0.5,0.5 --model no.pt | starts [0.0, 0.5, 0.5]: each must be above the one before
            --method chords --starts 0,1 --model no.pt | starts [0.0, 1.0]: each must be above the one before, below 1
            --method chords --starts 0,x | '--starts' (SHARE): 'x' is not a double
            --method chords --cores 2 --starts 0 --model no.pt | --cores and --starts: give one of them
            --method chords --pixel-tolerance NaN --model no.pt | tolerance NaN: must be 0 or more, and finite
            --method chords --max-refinements -1 --model no.pt | maxRefinements -1: must be 0 or more
            --threads 0         | --threads 0: must be 1 to
            --threads 100000    | --threads 100000: must be 1 to
            --timeout 0         | --timeout 0.0: must be above 0 and below 1e9 seconds
            --timeout -1        | --timeout -1.0: must be above 0 and below 1e9 seconds
            --timeout NaN       | --timeout NaN: must be above 0 and below 1e9 seconds
            """)
    void aValueOutOfRange(String arguments, String message) {
        requireRefusal(List.of((Object[]) arguments.split(" ")), message);
    }

    @Test
    void aModelThatIsMissing() {
        requireRefusal(List.of("--model", inputs.resolve("no.pt")), inputs.resolve("no.pt") + " does not exist");
    }

    @Test
    void aModelThatIsAFolder() {
        requireRefusal(List.of("--model", inputs), inputs + " does not exist or is not a file");
    }

    @Test
    void aModelThatIsNotTorchScript() throws IOException {
        DigitsFiles digits = DigitsFiles.copyTo(inputs);
        Files.writeString(digits.model(), "not a zip archive");
        requireRefusal(List.of("--model", digits.model()), digits.model().toString(), "is a text, and not a model");
    }

    @Test
    void aModelThatIsCutShort() throws IOException {
        DigitsFiles digits = DigitsFiles.copyTo(inputs);
        byte[] bytes = Files.readAllBytes(digits.model());
        Files.write(digits.model(), Arrays.copyOf(bytes, bytes.length / 2));
        requireRefusal(List.of("--model", digits.model()), digits.model().toString(), "is damaged: ");
    }

    @Test
    void aModelWithoutItsCard() throws IOException {
        DigitsFiles digits = DigitsFiles.copyTo(inputs);
        Files.delete(digits.card());
        requireRefusal(List.of("--model", digits.model()), digits.card() + " does not exist");
    }

    @Test
    void aCardThatIsNotJson() throws IOException {
        DigitsFiles digits = DigitsFiles.copyTo(inputs);
        Files.writeString(digits.card(), "{ not json");
        requireRefusal(List.of("--model", digits.model()), digits.card().toString(), "not JSON");
    }

    @Test
    void aCardWithTheWrongChannelCount() throws IOException {
        DigitsFiles digits = DigitsFiles.copyTo(inputs);
        Files.writeString(digits.card(),
                Files.readString(digits.card()).replaceFirst("\"shape\"\\s*:\\s*\\[\\s*1,", "\"shape\": [3,"));
        requireRefusal(List.of("--model", digits.model()), "does what its card says", "[3, 28, 28]");
    }

    @Test
    void aNoiseFileOfAnotherShape() throws IOException {
        Path noise = inputs.resolve("noise.npy");
        Npy.write(noise, new float[28 * 28], 1, 28, 28);
        requireRefusal(List.of("--labels", "1", "--noise", noise),
                "--noise " + noise + " has shape [1, 28, 28], expected [1, 1, 28, 28]");
    }

    @Test
    void aNoiseFileOfAnotherCount() throws IOException {
        Path noise = inputs.resolve("noise.npy");
        Npy.write(noise, new float[28 * 28], 1, 1, 28, 28);
        requireRefusal(List.of("--labels", "1,2", "--noise", noise), "[1, 1, 28, 28], expected [2, 1, 28, 28]");
    }

    @Test
    void aNoiseFileOfIntegers() throws IOException {
        Path noise = Path.of("src/test/resources/gold/labels.npy");
        requireRefusal(List.of("--noise", noise),
                "--noise " + noise + " holds integers of 64 bits, expected float32 or float64");
    }

    @Test
    void rowNoiseForAnotherNumberOfSteps() throws IOException {
        Path noise = inputs.resolve("noise.npy");
        Npy.write(noise, new float[3 * 28 * 28], 3, 1, 28, 28);
        requireRefusal(List.of("--row-noise", noise),
                "--row-noise " + noise + " has shape [3, 1, 28, 28], expected [2, 1, 28, 28]");
    }

    @Test
    void aNoiseFileWithAValueThatIsNotFinite() throws IOException {
        Path noise = inputs.resolve("noise.npy");
        float[] values = new float[28 * 28];
        values[5] = Float.NaN;
        Npy.write(noise, values, 1, 1, 28, 28);
        requireRefusal(List.of("--noise", noise), "value 5 is NaN: must be finite");
    }

    @Test
    void aNoiseFileOfAnotherType() throws IOException {
        Path noise = inputs.resolve("noise.npy");
        Npy.write(noise, new float[28 * 28], 1, 1, 28, 28);
        String text = Files.readString(noise, StandardCharsets.ISO_8859_1);
        Files.writeString(noise, text.replace("<f4", "<c8"), StandardCharsets.ISO_8859_1);
        requireRefusal(List.of("--noise", noise), noise.toString(), "'<c8'", "legal: '<f4', '<f8'");
    }

    @Test
    void aNoiseFileThatIsMissing() {
        requireRefusal(List.of("--noise", inputs.resolve("no.npy")), inputs.resolve("no.npy") + ": no such file");
    }

    @Test
    void aSchedulerWithAnUnknownValue() throws IOException {
        Path scheduler = Files.writeString(inputs.resolve("s.json"), "{\"beta_schedule\": \"cubic\"}");
        requireRefusal(List.of("--scheduler", scheduler), scheduler.toString(), "beta_schedule is \"cubic\"",
                "linear, scaled_linear, squaredcos_cap_v2");
    }

    @Test
    void aSchedulerForAnotherKindOfModel() throws IOException {
        Path scheduler = Files.writeString(inputs.resolve("s.json"), "{\"prediction_type\": \"v_prediction\"}");
        requireRefusal(List.of("--scheduler", scheduler), scheduler.toString(), "VELOCITY", "EPSILON");
    }

    @Test
    void aSchedulerThatIsMissing() {
        requireRefusal(List.of("--scheduler", inputs.resolve("no.json")), inputs.resolve("no.json") + ": no such file");
    }

    /** The model is missing too: were it looked for first, its message would show. */
    @Test
    void aPictureThatCannotBeWrittenIsRefusedBeforeTheModelIsLoaded() {
        Path picture = inputs.resolve("no/samples.png");
        requireRefusal(List.of("--out", picture, "--model", "missing.pt"), "cannot write " + picture,
                "does not exist");
    }

    @Test
    void aPictureThatIsAFolder() {
        requireRefusal(List.of("--out", inputs), "cannot write " + inputs + ": it is a folder");
    }

    @Test
    void anArrayThatCannotBeWritten() {
        requireRefusal(List.of("--save", inputs.resolve("no/a.npy")), "cannot write " + inputs.resolve("no/a.npy"));
    }

    @Test
    void onePathForBothFiles() {
        Path file = folder.resolve("both");
        requireRefusal(List.of("--out", file, "--save", file), "--save and --out are both " + file);
    }

    @Test
    void aPathWithANul() {
        requireRefusal(List.of("--out", "a\0b.png"), "'--out'", "Nul character not allowed");
    }
}
