package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.iia.IiaCoefficients.Step;
import dev.paraflux.model.Guidance;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoefficientsFileTest {
    private static final double[] AWKWARD = {0, -0.0, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MIN_NORMAL,
            Math.nextDown(Double.MIN_NORMAL), Double.MAX_VALUE, 1e-300, 0.1, 1e23, 2e-3, 9007199254740993.0,
            2.2250738585072011e-308, 1, -7, 1e22};

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        IiaCoefficients written = HandMade.coefficients(Guidance.of(HandMade.model(1), 2.5));
        assertEquals(written, read(text(written)));
    }

    @Test
    void aFitIsRead() throws IOException {
        IiaCoefficients fitted = IiaFitter.builder(HandMade.model(1), HandMade.GRID).samples(4).heldOut(2).fineSteps(3)
                .fit();
        assertEquals(fitted, read(text(fitted)));
    }

    @Test
    void everyDoubleKeepsItsBits() throws IOException {
        List<Double> values = new ArrayList<>();
        Arrays.stream(AWKWARD).forEach(values::add);
        Random random = new Random(1);
        while (values.size() < 5_000) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                values.add(value);
            }
        }
        for (int from = 0; from < values.size(); from += 500) {
            IiaCoefficients written = of(values.subList(from, Math.min(values.size(), from + 500)));
            assertEquals(written, read(text(written)));
        }
    }

    /** Each value is a time, factors, and without its sign an error. Records compare doubles by their bits. */
    private static IiaCoefficients of(List<Double> values) {
        List<NoiseLevel> levels = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        levels.add(new NoiseLevel(0, 0.1, 0.9));
        for (double value : values) {
            levels.add(new NoiseLevel(value, 0.1, 0.9));
            double size = Math.abs(value);
            steps.add(new Step(List.of(value, -value), 1, true, size, size, size));
        }
        double last = Math.abs(values.get(values.size() - 1));
        var problem = new IiaCoefficients.Problem(List.of("any \"model\"\n\u00e4 \ud83d\ude00"), Prediction.VELOCITY,
                "\\", levels);
        var calibration = new IiaCoefficients.Calibration("", levels, Long.MIN_VALUE, 1, Integer.MAX_VALUE, last,
                false);
        return new IiaCoefficients(problem, HandMade.CORRECTION, calibration, steps, last, last);
    }

    @Test
    void theFileIsMadeToBeRead() throws IOException {
        String text = text(HandMade.coefficients(HandMade.model(1)));
        assertTrue(text.startsWith("{\n  \"format\": \"paraflux-iia\",\n  \"version\": 1,\n  \"model\": [\n"), text);
        NoiseLevel first = HandMade.GRID.level(0);
        assertTrue(
                text.contains("\n  \"levels\": [\n    [ " + first.time() + ", " + first.alpha() + ", " + first.sigma()
                        + " ],\n"),
                text);
        assertTrue(text.contains("\n    { \"factors\": [ 0.1, -0.2 ], \"rank\": 2, \"kept\": true, \"left\": 0.75,"
                + " \"errorBefore\": 0.5, \"errorAfter\": 0.25 },\n"), text);
        assertTrue(text.endsWith("\n  ]\n}\n"), text);
    }

    @Test
    void aFileThatWasCutOffIsRefusedWhereverThatWas() throws IOException {
        String text = text(HandMade.coefficients(HandMade.model(1)));
        for (int bytes = 0; bytes < text.stripTrailing().length(); bytes++) {
            String cut = text.substring(0, bytes);
            String message = assertThrows(IOException.class, () -> read(cut), cut).getMessage();
            assertTrue(message.startsWith(file() + " is not whole JSON: "), message);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "  \n", "PK\u0003\u0004", "{} {}", "{\"format\": 1, \"format\": 1}", "{\"format\": tru}"})
    void whatIsNotJsonIsSaidToBeSo(String text) {
        String message = assertThrows(IOException.class, () -> read(text)).getMessage();
        assertTrue(message.startsWith(file() + " is not whole JSON: "), message);
    }

    @Test
    void bytesThatAreNoTextAreSaidToBeSo() throws IOException {
        Random random = new Random(2);
        for (int trial = 0; trial < 200; trial++) {
            byte[] bytes = new byte[random.nextInt(1, 100)];
            random.nextBytes(bytes);
            bytes[0] = '{';
            Files.write(file(), bytes);
            assertThrows(IOException.class, () -> IiaCoefficients.read(file()));
        }
    }

    @Test
    void deepNestingIsRefused() {
        assertThrows(IOException.class, () -> read("[".repeat(1_000_000)));
    }

    @Test
    void aFileThatIsNotThereIsSaidToBeSo() {
        for (Path path : List.of(folder, folder.resolve("missing.json"))) {
            assertEquals("file of coefficients " + path + " does not exist or is not a file",
                    assertThrows(IOException.class, () -> IiaCoefficients.read(path)).getMessage());
        }
    }

    @Test
    void aFileThatIsTooLargeIsRefused() throws IOException {
        Files.write(file(), new byte[(16 << 20) + 1]);
        String message = assertThrows(IllegalArgumentException.class, () -> IiaCoefficients.read(file())).getMessage();
        assertEquals(file() + " is no file of coefficients: must be at most 16 MiB", message);
    }

    @Test
    void whatIsNotAnObjectIsRefused() {
        assertEquals(file() + " is [1]: must be an object",
                assertThrows(IllegalArgumentException.class, () -> read("[1]")).getMessage());
    }

    @Test
    void notesOfOnesOwnAreLeftAlone() throws IOException {
        IiaCoefficients written = HandMade.coefficients(HandMade.model(1));
        String noted = text(written).replaceFirst("\\{", "{\"note\": [\"for the demo\", null, 1],");
        assertEquals(written, read(noted.replace("\"rank\"", "\"why\": {}, \"rank\"")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "\"paraflux-iia\"|\"safetensors\"|format is \"safetensors\": must be \"paraflux-iia\"",
            "\"format\": \"paraflux-iia\",||format is missing: must be \"paraflux-iia\"",
            "\"version\": 1|\"version\": 2|version is 2: must be 1",
            "\"version\": 1|\"version\": \"1\"|version is \"1\": must be a whole number of 32 bits",
            "\"model\": [|\"model\": [7,|model[0] is 7: must be a text",
            "\"model\"|\"models\"|model is missing: must be a list",
            "\"EPSILON\"|\"eps\"|prediction is \"eps\": must be one of EPSILON, SAMPLE, VELOCITY",
            "\"Ddim[eta=0.0]\"|null|solver is null: must be a text",
            "\"levels\": [|\"levels\": [[1, 2],|levels[0] is [1,2]: must be [time, alpha, sigma]",
            "\"levels\": [|\"levels\": [[1, -2, 3],|levels[0].alpha = -2.0, legal: finite, 0 or more",
            "\"levels\": [|\"levels\": [[1, 1, 0],|levels is no grid: row 0 has sigma = 0, legal: more than 0 in all rows",
            "\"levels\": [|\"levels\": [[1, 0, 1],|steps is 3 steps: must be 4, one for each level after the first",
            "\"levels\": [|\"levels\": [[1, 0, 1]], \"former\": [|levels is no grid: a grid of 1 levels, legal: 2 or more",
            "\"levels\": [|\"levels\": {}, \"former\": [|levels is {}: must be a list",
            "\"DIFFERENCES\"|\"OLD\"|correction.vectors is \"OLD\": must be one of DIFFERENCES, NOISE, EVALUATIONS, SLOPES, ",
            "\"DIFFERENCES\"|\"SLOPES\"|steps[1].factors is 2 numbers: must be 0 or 1 with vectors SLOPES",
            "\"history\": 0|\"history\": 1|correction.history 1: must be 0 with vectors DIFFERENCES",
            "\"history\": 0|\"history\": 0.5|correction.history is 0.5: must be a whole number of 32 bits",
            "\"correction\"|\"corrections\"|correction is missing: must be an object",
            "\"calibration\": {|\"calibration\": 3, \"former\": {|calibration is 3: must be an object",
            "\"fineLevels\": [|\"fineLevels\": [[1, 1, 0],|calibration.fineLevels is no grid: row 0 has sigma = 0",
            "\"fineLevels\": [|\"fineLevels\": [[1, 0, 1e999],|calibration.fineLevels[0][2] is ",
            "1000000|1e6|calibration.firstSeed is 1000000.0: must be a whole number of 64 bits",
            "1000000|9223372036854775808|calibration.firstSeed is 9223372036854775808: must be a whole number of 64 bits",
            "\"samples\": 64|\"samples\": 0|calibration.samples is 0: must be 1 or more",
            "\"heldOut\": 32|\"heldOut\": 1|calibration.heldOut is 1: must be 2 or more",
            "0.125|-0.125|calibration.ridge is -0.125: must be 0 or more, and finite",
            "\"onCorrected\": true|\"onCorrected\": 1|calibration.onCorrected is 1: must be true or false",
            "\"plainError\": 0.5|\"plainError\": NaN|plainError is \"NaN\": must be a finite number",
            "\"plainError\": 0.5|\"plainError\": -0.5|plainError is -0.5: must be 0 or more, and finite",
            "\"plainError\": 0.5|\"plainError\": 0.125|correctedError is 0.25: must be no more than plainError, 0.125",
            "\"correctedError\"|\"error\"|correctedError is missing: must be a finite number",
            "\"steps\": [|\"steps\": [{},|steps[0].factors is missing: must be a list",
            "\"steps\": [|\"steps\": [\"one\",|steps[0] is \"one\": must be an object",
            "[ 0.1|[ \"0.1\"|steps[1].factors[0] is \"0.1\": must be a finite number",
            "[ 0.1|[ -Infinity|steps[1].factors[0] is ",
            "[ 0.1|[ 0.1, 0.1|steps[1].factors is 3 numbers: must be 0 or 2 with vectors DIFFERENCES",
            "\"rank\": 2|\"rank\": 3|steps[1].rank is 3: must be 0 to the number of factors, 2",
            "\"kept\": false|\"kept\": true|steps[0].kept is true: must be false where there are no factors",
            "\"left\": 0.75|\"left\": -1|steps[1].left is -1.0: must be 0 or more, and finite",
            "\"errorAfter\": 0.25|\"errorAfter\": -1|steps[1].errorAfter is -1.0: must be 0 or more, and finite"})
    void anIllegalValueIsNamedWithWhatIsLegal(String good, String bad, String message) throws IOException {
        String text = text(HandMade.coefficients(HandMade.model(1)));
        int place = text.indexOf(good);
        String changed = text.substring(0, place) + (bad == null ? "" : bad) + text.substring(place + good.length());
        String found = assertThrows(IllegalArgumentException.class, () -> read(changed)).getMessage();
        assertTrue(found.startsWith(file() + ": " + message), found);
    }

    @Test
    void whateverByteIsWrongTheFileIsNamed() throws IOException {
        byte[] text = text(HandMade.coefficients(HandMade.model(1))).getBytes(StandardCharsets.UTF_8);
        Random random = new Random(3);
        for (int trial = 0; trial < 1000; trial++) {
            byte[] changed = text.clone();
            changed[random.nextInt(text.length)] = (byte) random.nextInt(256);
            readsOrNamesTheFile(changed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[]", "[[]]", "\"\"", "-1", "1e999", "12345678901234567890", "true"})
    void whateverValueIsWrongTheFileIsNamed(String wrong) throws IOException {
        String text = text(HandMade.coefficients(HandMade.model(1)));
        Matcher value = Pattern.compile("(?<=[:\\[,] )(\"[^\"]*\"(?!:)|[-0-9.E]+|true|false)").matcher(text);
        int count = 0;
        while (value.find()) {
            String changed = text.substring(0, value.start()) + wrong + text.substring(value.end());
            readsOrNamesTheFile(changed.getBytes(StandardCharsets.UTF_8));
            count++;
        }
        assertTrue(count > 60, count + " values");
    }

    private void readsOrNamesTheFile(byte[] bytes) throws IOException {
        Files.write(file(), bytes);
        try {
            IiaCoefficients.read(file());
        } catch (IOException | IllegalArgumentException e) {
            assertTrue(e.getMessage().startsWith(file().toString()), e.getMessage());
        }
    }

    @Test
    void aMessageShowsTheBeginningOfALongValue() throws IOException {
        String text = text(HandMade.coefficients(HandMade.model(1))).replace("\"EPSILON\"",
                "\"" + "x".repeat(1 << 20) + "\"");
        String message = assertThrows(IllegalArgumentException.class, () -> read(text)).getMessage();
        assertTrue(message.contains("prediction is \"xxxxxxxx") && message.length() < 400, message);
    }

    private Path file() {
        return folder.resolve("coefficients.json");
    }

    private String text(IiaCoefficients coefficients) throws IOException {
        coefficients.write(file());
        return Files.readString(file());
    }

    private IiaCoefficients read(String text) throws IOException {
        Files.writeString(file(), text);
        return IiaCoefficients.read(file());
    }
}
