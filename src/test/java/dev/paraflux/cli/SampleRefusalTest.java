package dev.paraflux.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    @CsvSource(delimiter = '|',
            textBlock = """
                    --steps 0           | --steps 0: must be 1 or more
                    --steps -3          | --steps -3: must be 1 or more
                    --steps 1001        | 1001: must be 1 to 1000
                    --steps ten         | --steps "ten": must be a whole number, at most 2147483647
                    --labels 10         | --labels 10: must be 0 to 9
                    --labels 3,-1       | --labels -1: must be 0 to 9
                    --labels 3,three    | --labels "three": must be whole numbers, at most 2147483647
                    --count 0           | --count 0: must be 1 to 65536
                    --labels 1 --count 2| --count 2: must be left out where --labels is given
                    --eta 1.5           | eta 1.5: must be 0 to 1
                    --eta NaN           | eta NaN: must be 0 to 1
                    --eta -0.5 --model no.pt | eta -0.5: must be 0 to 1
                    --solver ddpm --eta 0 --model no.pt | --eta 0.0: must be left out with --solver ddpm: only ddim
                    --solver rk4        | --solver "rk4": must be one of ddim, ddpm, euler, heun, dpm-solver-2, dpm++-2s, dpm++-2s-middle,
                    --solver unipc-2 --steps 0 | --steps 0: must be 1 or more
                    --solver flow-heun  | must be 1, the line of flow matching
                    --sigmas linear     | --sigmas "linear": must be one of karras, exponential
                    --flow-sigmas pipeline | --flow-sigmas PIPELINE: must be left out, but for FlowMatchEulerDiscreteScheduler
                    --sequence-length 9 | --sequence-length 9: must be left out where the scheduler has no use_dynamic_shifting
                    --sigmas karras --spacing leading | --sigmas KARRAS: must be left out where --spacing is given
                    --sigmas karras --steps 0 | --steps 0: must be 1 or more
                    --rescale 1.5 --model no.pt | --rescale 1.5: must be 0 to 1
                    --guidance-interval 1 --model no.pt | --guidance-interval [1.0]: must be two numbers, LOW,HIGH
                    --guidance-interval 1,2,3 --model no.pt | --guidance-interval [1.0, 2.0, 3.0]: must be two numbers
                    --guidance-interval 2,1 --model no.pt | --guidance-interval [2.0, 1.0]: must be LOW,HIGH with LOW 0 or more, and HIGH above LOW
                    --guidance-interval -1,1 --model no.pt | --guidance-interval [-1.0, 1.0]: must be LOW,HIGH with LOW 0 or more, and HIGH above LOW
                    --clip 0 --model no.pt | --clip 0.0: must be above 0, and finite
                    --clip Infinity --model no.pt | --clip Infinity: must be above 0, and finite
                    --threshold 1.5 --model no.pt | --threshold 1.5: must be 0 to 1
                    --threshold NaN --model no.pt | --threshold NaN: must be 0 to 1
                    --clip 1 --threshold 0.9 --model no.pt | --threshold 0.9: must be left out where --clip is given
                    --spacing karras    | --spacing "karras": must be one of leading, trailing, linspace
                    --guidance NaN      | --guidance NaN: must be finite
                    --seed 1.5          | --seed "1.5": must be a whole number, -9223372036854775808 to 18446744073709551615
                    --method jacobi     | --method "jacobi": must be one of sequential, picard, parataa, srds, chords
                    --window 3          | --window is not used by --method sequential
                    --method picard --order 3 | --order is not used by --method picard; what is used: --window, --tolerance, --max-round
                    --method picard --history 3 | --history is not used by --method picard; what is used: --window, --tolerance, --max-rou
                    --method picard --ridge 0.1 | --ridge is not used by --method picard; what is used: --window, --tolerance, --max-round
                    --method picard --relative-tolerance 0.1 | --relative-tolerance is not used by --method picard; what is used: --window, --tolerance
                    --method picard --first-guess x0 | --first-guess is not used by --method picard; what is used: --window, --tolerance, --max
                    --method picard --window 0 | window 0: must be 1 or more
                    --method picard --tolerance NaN | tolerance NaN: must be 0 or more, and finite
                    --method picard --max-rounds 0 | --max-rounds 0: must be 1 or more
                    --method parataa --window -1 | window -1: must be 1 or more
                    --method parataa --order 0 | order 0: must be 1 or more
                    --method parataa --history 9 | history 9: must be 1 to 8
                    --method parataa --history three | --history "three": must be a whole number, at most 2147483647
                    --method parataa --ridge -1 | ridge -1.0: must be 0 or more, and finite
                    --method parataa --tolerance -0.5 | --tolerance -0.5: must be 0 or more, and finite
                    --method parataa --relative-tolerance Infinity | --relative-tolerance Infinity: must be 0 or more, and finite
                    --method parataa --max-rounds 0 | --max-rounds 0: must be 1 or more
                    --method parataa --first-guess warm | --first-guess "warm": must be copy, x0, coarse, or coarse:STEPS with 1 step or more
                    --method parataa --first-guess coarse:0 | --first-guess "coarse:0": must be copy, x0, coarse, or coarse:STEPS with 1 step or more
                    --method parataa --first-guess coarse:x | --first-guess "coarse:x": must be copy, x0, coarse, or coarse:STEPS with 1 step or more
                    --barrier           | --barrier is not used by --method sequential
                    --method picard --pixel-tolerance 1 | --pixel-tolerance is not used by --method picard; what is used: --window, --tolerance, -
                    --method srds --window 3 | --window is not used by --method srds; what is used: --blocks, --barrier, --pixel-tolera
                    --method srds --cores 3 | --cores is not used by --method srds; what is used: --blocks, --barrier, --pixel-toleran
                    --method srds --starts 0 | --starts is not used by --method srds; what is used: --blocks, --barrier, --pixel-tolera
                    --method chords --blocks 3 | --blocks is not used by --method chords; what is used: --cores, --starts, --pixel-tolera
                    --method chords --barrier | --barrier is not used by --method chords; what is used: --cores, --starts, --pixel-toler
                    --method parataa --max-refinements 3 | --max-refinements is not used by --method parataa; what is used: --window, --order, --hi
                    --method srds --blocks 0 --model no.pt | blocks 0: must be 1 or more
                    --method srds --blocks 3 | blocks 3: must be 1 to 2, the number of the solver's steps
                    --method srds --pixel-tolerance -1 --model no.pt | tolerance -1.0: must be 0 or more, and finite
                    --method srds --max-refinements -1 --model no.pt | --max-refinements -1: must be 0 or more
                    --method chords --cores 0 --model no.pt | cores 0: must be 1 to 64
                    --method chords --cores 65 --model no.pt | cores 65: must be 1 to 64
                    --method chords --starts 0.1,0.2 --model no.pt | --starts [0.1, 0.2]: must be a list that begins with 0
                    --method chords --starts 0,0.5,0.5 --model no.pt | --starts 0.5: must be above the start before it
                    --method chords --starts 0,1 --model no.pt | --starts 1.0: must be above the start before it
                    --method chords --starts 0,x | --starts "x": must be numbers, with commas between
                    --method chords --cores 2 --starts 0 --model no.pt | --starts [0.0]: must be left out where --cores is given
                    --method chords --pixel-tolerance NaN --model no.pt | tolerance NaN: must be 0 or more, and finite
                    --method chords --max-refinements -1 --model no.pt | --max-refinements -1: must be 0 or more
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
                "--noise " + noise + ": shape [1, 28, 28]: must be [1, 1, 28, 28]");
    }

    @Test
    void aNoiseFileOfAnotherCount() throws IOException {
        Path noise = inputs.resolve("noise.npy");
        Npy.write(noise, new float[28 * 28], 1, 1, 28, 28);
        requireRefusal(List.of("--labels", "1,2", "--noise", noise), "shape [1, 1, 28, 28]: must be [2, 1, 28, 28]");
    }

    @Test
    void aNoiseFileOfIntegers() throws IOException {
        Path noise = Path.of("src/test/resources/gold/labels.npy");
        requireRefusal(List.of("--noise", noise),
                "--noise " + noise + ": type of elements int64: must be float16, float32 or float64");
    }

    @Test
    void rowNoiseForAnotherNumberOfSteps() throws IOException {
        Path noise = inputs.resolve("noise.npy");
        Npy.write(noise, new float[3 * 28 * 28], 3, 1, 28, 28);
        requireRefusal(List.of("--row-noise", noise),
                "--row-noise " + noise + ": shape [3, 1, 28, 28]: must be [2, 1, 28, 28]");
    }

    @Test
    void aNoiseFileWithAValueThatIsNotFinite() throws IOException {
        Path noise = inputs.resolve("noise.npy");
        float[] values = new float[28 * 28];
        values[5] = Float.NaN;
        Npy.write(noise, values, 1, 1, 28, 28);
        requireRefusal(List.of("--noise", noise), "value[5] NaN: must be finite");
    }

    @Test
    void aNoiseFileOfAnotherType() throws IOException {
        Path noise = inputs.resolve("noise.npy");
        Npy.write(noise, new float[28 * 28], 1, 1, 28, 28);
        String text = Files.readString(noise, StandardCharsets.ISO_8859_1);
        Files.writeString(noise, text.replace("<f4", "<c8"), StandardCharsets.ISO_8859_1);
        requireRefusal(List.of("--noise", noise), noise.toString(), "\"<c8\"", "float32, float64");
    }

    @Test
    void aNoiseFileThatIsMissing() {
        requireRefusal(List.of("--noise", inputs.resolve("no.npy")), inputs.resolve("no.npy") + ": no such file");
    }

    @Test
    void aSchedulerWithAnUnknownValue() throws IOException {
        Path scheduler = Files.writeString(inputs.resolve("s.json"), "{\"beta_schedule\": \"cubic\"}");
        requireRefusal(List.of("--scheduler", scheduler), scheduler.toString(), "beta_schedule \"cubic\"",
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
        Path picture = inputs.resolve("folder.png");
        assertTrue(picture.toFile().mkdir());
        requireRefusal(List.of("--out", picture), "--out: cannot write " + picture + ": it is a folder");
    }

    @Test
    void anArrayThatCannotBeWritten() {
        requireRefusal(List.of("--save", inputs.resolve("no/a.npy")), "cannot write " + inputs.resolve("no/a.npy"));
    }

    /** The picture would have replaced the samples, by whatever path. */
    @Test
    void oneFileForTwoOptions() throws IOException {
        Path array = Files.writeString(inputs.resolve("a.npy"), "");
        Path link = Files.createSymbolicLink(inputs.resolve("link.png"), array);
        Path hard = Files.createLink(inputs.resolve("hard.png"), array);
        for (Path picture : List.of(link, hard)) {
            requireRefusal(List.of("--out", picture, "--save", array), "--save \"" + array + "\": must be another file"
                    + " than --out " + picture);
        }
        Path later = Files.createSymbolicLink(inputs.resolve("later.png"), Path.of("later.npy"));
        requireRefusal(List.of("--out", later, "--save", inputs.resolve("./later.npy")), "another file than --out");
        requireRefusal(List.of("--noise", array, "--save", inputs.resolve("./a.npy")), "another file than --noise");
        requireRefusal(List.of("--image", link, "--out", link), "--out \"" + link, "another file than --image");
        requireRefusal(List.of("--mask", hard, "--out", link), "--out \"" + link, "another file than --mask");
        CommandRun.of("fit", "--model", inputs.resolve("m.pt"), "--out", inputs.resolve("m.json"))
                .requireRefusal(2, "--out \"" + inputs.resolve("m.json"), "another file than the card of --model");
        CommandRun.of("compare", "--image", hard, "--strip", link).requireRefusal(2, "--strip \"" + link,
                "another file than --image");
    }

    @ParameterizedTest
    @CsvSource({"--out, a.gif", "--out, a", "--out, -", "--save, a.png", "--save, -"})
    void aNameThatSaysSomethingElse(String option, String name) {
        requireRefusal(List.of(option, name), option + " \"" + name + "\": must be the name of a file that ends in .");
    }

    @Test
    void aPathWithANul() {
        requireRefusal(List.of("--out", "a\0b.png"), "--out \"a?b.png\": must be the name of a file");
    }
}
