package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Afterwards;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.iia.IiaCoefficients.Problem;
import dev.paraflux.iia.IiaCoefficients.Step;
import dev.paraflux.json.DamagedJson;
import dev.paraflux.json.Description;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.model.Condition;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.around.X0Clipping;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.SolverDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        Description any = Description.of("any").with("name", "\"model\"\n\u00e4 \ud83d\ude00").with("empty", "");
        List<SolverTable.Row> rows = new ArrayList<>();
        for (double value : values) {
            rows.add(new SolverTable.Row(levels.get(rows.size()), rows.size(), value,
                    List.of(new SolverTable.Term(0, value)), List.of(new SolverTable.Term(0, -value))));
        }
        var problem = new Problem(new ModelIdentity(List.of(any.with("value", last), any)),
                Prediction.VELOCITY, Optional.empty(), any, levels, new SolverTable(rows));
        var calibration = new IiaCoefficients.Calibration(any, levels, List.of(any), Long.MIN_VALUE, 1,
                Integer.MAX_VALUE, last, false);
        return new IiaCoefficients(problem, HandMade.CORRECTION, calibration, steps, last, last);
    }

    /** What a scheduler's file says is kept as it was, with the keys that nobody reads. */
    @Test
    void theSchedulerIsKeptAsItWasRead() throws IOException {
        JsonValue settings = JsonFile.parse("{\"beta_schedule\": \"linear\", \"lambda_min_clipped\": -Infinity,"
                + " \"_diffusers_version\": \"0.21\", \"skip_prk_steps\": null, \"trained_betas\": null}",
                "scheduler_config.json");
        FittedScheduler scheduler = new FittedScheduler(settings, Optional.of(Spacing.LEADING), Optional.empty(),
                Optional.empty());
        IiaCoefficients fitted = IiaFitter.builder(HandMade.model(1), scheduler.config().grid(3)).scheduler(scheduler)
                .samples(2).heldOut(2).fineSteps(2).fit();
        IiaCoefficients read = read(text(fitted));
        assertEquals(fitted, read);
        assertEquals(scheduler.config().grid(3).levels(),
                read.problem().scheduler().orElseThrow().config().grid(3).levels());
    }

    @Test
    void aSchedulerThatMakesAnotherGridIsNoneOfTheFits() throws IOException {
        FittedScheduler scheduler = new FittedScheduler(JsonFile.parse("{\"beta_schedule\": \"linear\"}", "a.json"));
        IiaFitter.Builder fitter = IiaFitter.builder(HandMade.model(1), HandMade.GRID).scheduler(scheduler);
        String message = assertThrows(IllegalValueException.class, fitter::fit).getMessage();
        assertEquals("scheduler {\"beta_schedule\":\"linear\"}: must be the one that the grid was made by", message);
    }

    @Test
    void theSameFitWritesTheSameBytes() throws IOException {
        byte[][] files = new byte[2][];
        for (int run = 0; run < files.length; run++) {
            IiaFitter.builder(Afterwards.close(Guidance.of(HandMade.model(1), 2.5)), HandMade.GRID).samples(4)
                    .heldOut(2)
                    .fineSteps(3)
                    .conditions(List.of(Condition.label(0), Condition.none())).fit().write(file());
            files[run] = Files.readAllBytes(file());
        }
        assertArrayEquals(files[0], files[1]);
    }

    /** A lambda's class has a number that is another one in the next run. */
    @Test
    void theNameOfALambdaIsTheSameInEveryRun() {
        Solver solver = (grid, prediction) -> new Ddim().system(grid, prediction);
        assertEquals(getClass().getName(), SolverDescription.of(solver).settings().get("name"));
    }

    @Test
    void theFileIsMadeToBeRead() throws IOException {
        String text = text(HandMade.coefficients(Guidance.of(HandMade.model(1), 2.5)));
        assertTrue(text.startsWith("{\n  \"format\": \"paraflux-iia\",\n  \"version\": 2,\n  \"model\": [\n"
                + "    { \"kind\": \"guidance\", \"weight\": 2.5 },\n    { \"kind\": \"gaussian-mixture\", \"components\": 1,"),
                text);
        NoiseLevel first = HandMade.GRID.level(0);
        assertTrue(
                text.contains("\n  \"levels\": [\n    [ " + first.time() + ", " + first.alpha() + ", " + first.sigma()
                        + " ],\n"),
                text);
        assertTrue(text.contains("\n    { \"factors\": [ 0.1, -0.2 ], \"rank\": 2, \"kept\": true, \"left\": 0.75,"
                + " \"errorBefore\": 0.5, \"errorAfter\": 0.25 },\n"), text);
        assertTrue(text.endsWith("\n  ]\n}\n"), text);
    }

    /** Their solver, guidance and model are sentences. */
    @Test
    void filesOfTheFirstVersionAreToBeFittedAgain() {
        String message = assertThrows(IllegalValueException.class,
                () -> read("{\"format\": \"paraflux-iia\", \"version\": 1, \"model\": [\"with guidance 2.0\"],"
                        + " \"solver\": \"Ddim[eta=0.0]\"}"))
                .getMessage();
        assertEquals(file() + ": version 1: must be 2; fit the coefficients again, with this version of Paraflux",
                message);
    }

    @Test
    void aFileThatWasCutOffIsRefusedWhereverThatWas() throws IOException {
        String text = text(HandMade.coefficients(HandMade.model(1)));
        for (int bytes = 0; bytes < text.stripTrailing().length(); bytes++) {
            String cut = text.substring(0, bytes);
            String message = assertThrows(IOException.class, () -> read(cut), cut).getMessage();
            assertTrue(message.startsWith(file() + ": not JSON"), message);
        }
    }

    @Test
    void aFileThatIsNotThereIsSaidToBeSo() {
        assertEquals(folder + ": is a folder, and not a file of JSON",
                assertThrows(IOException.class, () -> IiaCoefficients.read(folder)).getMessage());
        Path missing = folder.resolve("missing.json");
        assertEquals(missing + ": no such file",
                assertThrows(IOException.class, () -> IiaCoefficients.read(missing)).getMessage());
    }

    @Test
    void notesAreFree() throws IOException {
        IiaCoefficients written = HandMade.coefficients(HandMade.model(1));
        assertEquals(written, read(text(written).replaceFirst("\\{", "{\"notes\": [\"for the demo\", null, 1],")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "\"paraflux-iia\"|\"safetensors\"|format \"safetensors\": must be paraflux-iia",
            "\"format\": \"paraflux-iia\",||format missing: must be paraflux-iia",
            "\"version\": 2|\"version\": 3|version 3: must be 2; the file is of a newer version of Paraflux",
            "\"version\": 2|\"version\": \"2\"|version \"2\": must be a whole number of 32 bits",
            "\"model\": [|\"model\": [7,|model[0] 7: must be an object",
            "\"model\": [|\"model\": [\"with guidance 2.0\",|model[0] \"with guidance 2.0\": must be an object",
            "\"kind\": \"gaussian-mixture\", ||model[0].kind missing: must be a text",
            "\"components\": 1|\"components\": null|model[0].components null: must be a text",
            "\"model\"|\"modell\"|modell [",
            "\"EPSILON\"|\"eps\"|prediction \"eps\": must be one of EPSILON, SAMPLE, VELOCITY",
            "\"solver\": {|\"solver\": null, \"notes\": {|solver null: must be an object",
            "\"solver\": {|\"solver\": \"Ddim[eta=0.0]\", \"notes\": {|solver \"Ddim[eta=0.0]\": must be an object",
            "\"eta\": 0|\"etta\": 0|solver.ddim.etta 0.0: must be left out: there is no such setting",
            "\"eta\": 0|\"eta\": 5|solver",
            "\"kind\": \"gaussian|\"kind\": \"guidance\", \"rescale\": 5 }, { \"kind\": \"gaussian|model",
            "\"kind\": \"gaussian|\"kind\": \"x0-clipping\", \"limit\": 0 }, { \"kind\": \"gaussian|model",
            "\"levels\": [|\"levels\": [[1, 2],|levels[0] [1,2]: must be [time, alpha, sigma]",
            "\"levels\": [|\"levels\": [[1, 1, 0],|levels: sigma of row 0 0.0: must be above 0",
            "\"levels\": [|\"levels\": [[1, 0, 1],|number of steps 3: must be 4, one for each level after the first",
            "\"levels\": [|\"levels\": {}, \"notes\": [|levels {}: must be a list",
            "\"table\": [|\"table\": [{},|table[0].level missing: must be a list",
            "\"table\": [|\"table\": [], \"notes\": [|table.number of rows 0: must be 1 or more",
            "\"parent\": 1|\"parent\": 2|table[1].parent 2: must be 0 to 1",
            "\"parent\": 1|\"Parent\": 1|table[1].Parent 1: must be left out: there is no such key. The nearest is parent",
            "\"predictions\": [ [ 0,|\"predictions\": [ [ 9,|table[0].predictions 9: must be 0",
            "\"predictions\": [ [ 0,|\"predictions\": [ [ 0, 0,|table[0].predictions[0] [0,0,",
            "\"DIFFERENCES\"|\"OLD\"|correction.vectors \"OLD\": must be one of DIFFERENCES, NOISE, EVALUATIONS, SLOPES, ",
            "\"DIFFERENCES\"|\"SLOPES\"|number of steps[1].factors 2: must be 0 or 1 with vectors SLOPES",
            "\"history\": 0|\"history\": 1|correction.history 1: must be 0 with vectors DIFFERENCES",
            "\"history\": 0|\"history\": 0.5|correction.history 0.5: must be a whole number of 32 bits",
            "\"correction\"|\"corrections\"|corrections {",
            "\"calibration\": {|\"calibration\": 3, \"notes\": {|calibration 3: must be an object",
            "\"fineLevels\": [|\"fineLevels\": [[1, 1, 0],|calibration.fineLevels: sigma of row 0 0.0: must be above 0",
            "\"fineLevels\": [|\"fineLevels\": [[1, 0, 1e999],|calibration.fineLevels[0][2] Infinity: must be a finite",
            "\"label\": 0|\"label\": [[]]|calibration.conditions[0].label[0] []: must be a finite number",
            "\"conditions\": [|\"conditions\": [3,|calibration.conditions[0] 3: must be an object",
            "1000000|1e6|calibration.firstSeed 1000000.0: must be a whole number of 64 bits",
            "1000000|9223372036854775808|calibration.firstSeed 9223372036854775808: must be a whole number of 64 bits",
            "\"samples\": 64|\"samples\": 0|calibration.samples 0: must be 1 or more",
            "\"heldOut\": 32|\"heldOut\": 1|calibration.heldOut 1: must be 2 or more",
            "0.125|-0.125|calibration.ridge -0.125: must be 0 or more, and finite",
            "\"onCorrected\": true|\"onCorrected\": 1|calibration.onCorrected 1: must be true or false",
            "\"plainError\": 0.5|\"plainError\": NaN|plainError NaN: must be a finite number",
            "\"plainError\": 0.5|\"plainError\": -0.5|plainError -0.5: must be 0 or more, and finite",
            "\"plainError\": 0.5|\"plainError\": 0.125|correctedError 0.25: must be no more than plainError, 0.125",
            "\"correctedError\"|\"error\"|error 0.25: must be left out: there is no such key. The nearest is ",
            "\"steps\": [|\"steps\": [{},|steps[0].factors missing: must be a list",
            "\"steps\": [|\"steps\": [\"one\",|steps[0] \"one\": must be an object",
            "[ 0.1|[ \"0.1\"|steps[1].factors[0] \"0.1\": must be a finite number",
            "[ 0.1|[ -Infinity|steps[1].factors[0] -Infinity: must be a finite number",
            "[ 0.1|[ 0.1, 0.1|number of steps[1].factors 3: must be 0 or 2 with vectors DIFFERENCES",
            "\"rank\": 2|\"rank\": 3|steps[1].rank 3: must be 0 to the number of factors, 2",
            "\"kept\": false|\"kept\": true|steps[0].kept true: must be false where there are no factors",
            "\"left\": 0.75|\"left\": -1|steps[1].left -1.0: must be 0 or more, and finite",
            "\"errorAfter\": 0.25|\"errorAfter\": -1|steps[1].errorAfter -1.0: must be 0 or more, and finite"})
    void anIllegalValueIsNamedWithWhatIsLegal(String good, String bad, String message) throws IOException {
        String text = text(HandMade.coefficients(HandMade.model(1)));
        int place = text.indexOf(good);
        assertTrue(place >= 0, good);
        String changed = text.substring(0, place) + (bad == null ? "" : bad) + text.substring(place + good.length());
        String found = assertThrows(IllegalValueException.class, () -> read(changed)).getMessage();
        assertTrue(found.startsWith(file() + ": " + message), found);
    }

    /** Whatever is wrong with a file, the user is told the file, and nothing that is not in it. */
    @Test
    void damagedFilesAreReadOrRefusedInWords() throws IOException {
        FittedScheduler scheduler = new FittedScheduler(JsonFile.parse("{\"beta_schedule\": \"linear\"}", "a.json"));
        Problem plain = HandMade.problem(Guidance.of(X0Clipping.at(HandMade.model(1), 1), 2));
        Problem problem = new Problem(plain.model(), plain.prediction(), Optional.of(scheduler), plain.solver(),
                plain.levels(), plain.table());
        String text = text(new IiaCoefficients(problem, HandMade.CORRECTION, HandMade.calibration(), HandMade.steps(),
                0.5, 0.25));
        DamagedJson.check(file(), text, 4_000, 2, IiaCoefficients::read);
    }

    @Test
    void aMessageShowsTheBeginningOfALongValue() throws IOException {
        String text = text(HandMade.coefficients(HandMade.model(1))).replace("\"EPSILON\"",
                "\"" + "x".repeat(1 << 20) + "\"");
        String message = assertThrows(IllegalValueException.class, () -> read(text)).getMessage();
        assertTrue(message.contains("prediction \"xxxxxxxx") && message.length() < 400, message);
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
