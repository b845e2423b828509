package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paraflux.Cancellation;
import dev.paraflux.cli.CommandRun;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.iia.Correction;
import dev.paraflux.iia.CorrectionVectors;
import dev.paraflux.iia.IiaCoefficients;
import dev.paraflux.model.Condition;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.around.X0Clipping;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.X0Limit;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.SolverDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code paraflux fit} writes and prints when all goes well, and how it ends when it is stopped. */
class FitCommandTest {
    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("coeffs.json");
    }

    private JsonNode json(Object... more) throws IOException {
        Object[] all = Stream.concat(Stream.of("--json"), Stream.of(more)).toArray();
        CommandRun run = Fits.fit(file, all).requireCode(0);
        assertEquals(1, run.output().lines().count());
        return new ObjectMapper().readTree(run.output());
    }

    private void requireNoFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void printsALineForEachStepAndASentence() throws IOException {
        CommandRun run = Fits.fit(file).requireCode(0);
        assertEquals("", run.errors());
        List<String> lines = run.output().lines().toList();
        assertEquals(Fits.STEPS + 2, lines.size(), run.output());
        assertEquals("step  corrected           held-out error   share left", lines.get(0));
        for (int step = 1; step <= Fits.STEPS; step++) {
            assertTrue(lines.get(step).matches(" {3}" + step + "  (yes|no) +[0-9.]+ -> [0-9.]+ +[01]\\.[0-9]{3}"),
                    lines.get(step));
            assertEquals(lines.get(0).length(), lines.get(step).length(), "columns stand under their headings");
        }
        assertTrue(lines.get(Fits.STEPS + 1).matches("\\Q" + file
                + "\\E: ddim with 3 steps, by evaluations with history"
                + " 1, held-out error 0\\.[0-9]{4} instead of 0\\.[0-9]{4} \\(0\\.[0-9]{2} of it\\), [1-3] of 3 steps"
                + " corrected, [0-9.]+ s"), run.output());
        IiaCoefficients coefficients = IiaCoefficients.read(file);
        assertEquals(Fits.STEPS, coefficients.steps().size());
        assertEquals(SolverDescription.of(new Ddim()), coefficients.problem().solver());
        assertEquals(Optional.of(GuidanceOptions.weight(2)), GuidanceOptions.of(coefficients.problem().model()),
                "the card's");
        assertEquals(DemoModel.card().get("scheduler"), coefficients.problem().scheduler().orElseThrow().settings());
        assertEquals(10, coefficients.calibration().conditions().size(), "all labels");
        assertTrue(coefficients.ratio() < 1);
    }

    @Test
    void theOptionsAreWhatWasFitted() throws IOException {
        json("--solver", "heun", "--guidance", 1, "--clip", 1, "--seed", 77, "--ridge", 0.01, "--plain-path",
                "--history",
                0, "--spacing", "leading", "--labels", "3,8");
        IiaCoefficients coefficients = IiaCoefficients.read(file);
        assertEquals(SolverDescription.of(new Heun()), coefficients.problem().solver());
        assertEquals(X0Limit.at(1), X0Clipping.limit(coefficients.problem().model()));
        assertEquals(2, coefficients.problem().model().parts().size(), "a guidance of 1 is none");
        assertEquals(77, coefficients.calibration().firstSeed());
        assertEquals(6, coefficients.calibration().samples());
        assertEquals(4, coefficients.calibration().heldOut());
        assertEquals(0.01, coefficients.calibration().ridge());
        assertFalse(coefficients.calibration().onCorrected());
        assertEquals(3 * Fits.STEPS + 1, coefficients.calibration().fineLevels().size());
        assertEquals(new Correction(CorrectionVectors.EVALUATIONS, 0), coefficients.correction());
        assertTrue(coefficients.problem().levels().get(0).time() < 999, "leading");
        assertEquals(Optional.of(Spacing.LEADING), coefficients.problem().scheduler().orElseThrow().spacing());
        assertEquals(List.of(Condition.label(3).description(), Condition.label(8).description()),
                coefficients.calibration().conditions());
    }

    @Test
    void theSameFitWritesTheSameBytes() throws IOException {
        json();
        byte[] first = Files.readAllBytes(file);
        json();
        assertArrayEquals(first, Files.readAllBytes(file));
    }

    @Test
    void ofSeveralVectorsTheBestAreTaken() throws IOException {
        JsonNode json = json("--vectors", "noise,Evaluations,noise", "--history", 0);
        JsonNode tried = json.get("tried");
        assertEquals(2, tried.size(), tried.toString());
        double least = Math.min(tried.get("noise").asDouble(), tried.get("evaluations with history 0").asDouble());
        assertEquals(least, json.get("correctedError").asDouble());
        assertEquals(least, tried.get(json.get("correction").asText()).asDouble());
        assertTrue(Fits.fit(file, "--vectors", "noise,differences").requireCode(0).output()
                .startsWith("held-out error by noise 0."), "and the others are told");
    }

    @Test
    void jsonIsOneObjectAndNothingElse() throws IOException {
        JsonNode json = json();
        assertEquals("COMPLETED", json.get("status").asText());
        assertEquals(file.toString(), json.get("file").asText());
        assertEquals("ddim", json.get("solver").asText());
        assertEquals("evaluations with history 1", json.get("correction").asText());
        assertEquals(json.get("correctedError").asDouble() / json.get("plainError").asDouble(),
                json.get("ratio").asDouble(), 1e-12);
        assertEquals(Fits.STEPS, json.get("steps").size());
        assertEquals(2, json.get("steps").get(0).get("vectors").asInt());
        assertEquals(json.get("plainError").asDouble(), json.get("steps").get(0).get("errorBefore").asDouble());
        assertTrue(json.get("seconds").asDouble() > 0);
    }

    /** With one fine step a step there is nothing to correct. */
    @Test
    void saysPlainlyThatNothingHelped() throws IOException {
        CommandRun run = Fits.fit(file, "--fine", 1).requireCode(0);
        assertTrue(run.output().contains("nothing helped: no step is corrected"), run.output());
        assertTrue(run.output().contains("(1.00 of it), 0 of 3 steps corrected"), run.output());
        assertEquals(1, IiaCoefficients.read(file).ratio());
    }

    /** Differences need two evaluations. */
    @Test
    void aStepWithoutVectorsIsToldApart() {
        List<String> lines = Fits.fit(file, "--vectors", "differences").requireCode(0).output().lines().toList();
        assertTrue(lines.get(1).startsWith("   1  no vectors "), lines.get(1));
        assertFalse(lines.get(2).contains("no vectors"), lines.get(2));
    }

    @Test
    void theBarIsForATerminalOnly() {
        System.setProperty("paraflux.terminal", "true");
        try {
            CommandRun run = Fits.fit(file, "--vectors", "noise").requireCode(0);
            assertTrue(run.errors().startsWith("\r[" + " ".repeat(40) + "] fine steps of the held-out samples\r["),
                    run.errors());
            // What was longer is painted over.
            assertTrue(run.errors().stripTrailing().endsWith("[" + "#".repeat(40) + "] noise, step 3 of 3"),
                    run.errors());
        } finally {
            System.clearProperty("paraflux.terminal");
        }
    }

    @Test
    void cancelledMeans130AndNoFile() throws IOException {
        Cancellation interrupt = new Cancellation();
        interrupt.cancel();
        CommandRun.of(interrupt, Fits.arguments(file).toArray()).requireRefusal(130, "stopped", "cancelled");
        CommandRun run = CommandRun.of(interrupt, Fits.arguments(file, "--json").toArray()).requireCode(130);
        assertEquals("{\"status\":\"CANCELLED\"}", run.output().strip());
        requireNoFiles();
    }
}
