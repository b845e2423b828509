package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.cli.CommandRun;
import dev.paraflux.io.Npy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models, cards, arrays and schedulers that are read, and files that are to be written. */
class SampleFileRefusalTest extends SampleRefusals {
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
    void aModelWhoseSamplesAreNoPictures() throws IOException {
        Path networks = Path.of("src/test/resources/dev/paraflux/model/networks");
        requireRefusal(List.of("--model", networks.resolve("audio.pt")),
                "shape of model audio [2, 32]: must be [channels, height, width], as pictures have; sample it from Java");
        Path noise = inputs.resolve("noise.npy");
        Npy.write(noise, new float[12], 2, 6);
        requireRefusal(List.of("--model", networks.resolve("vector.pt"), "--count", 3, "--noise", noise),
                "--noise " + noise + ": shape [2, 6]: must be [3, 6]");
        requireRefusal(
                List.of("--model", networks.resolve("vector.pt"), "--image", "src/test/resources/gold/labels.npy"),
                "must be left out for model vector, whose samples are [6] and no pictures");
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
