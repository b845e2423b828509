package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paraflux.iia.IiaCoefficients.Problem;
import dev.paraflux.json.Description;
import dev.paraflux.model.Condition;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.around.X0Clipping;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.X0Limit;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.SolverDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file that somebody fitted once, of the demo model: {@code fit --steps 3 --solver dpm++-2m --guidance 2 --rescale 0.5
 * --guidance-interval 0.1,20 --clip 1 --spacing leading --labels 3,8 --fine 3 --samples 6 --held-out 4}. It is not to be
 * written again when a test here fails, but read as long as its version is: what is reworded, renamed or reordered in the
 * code does not concern it.
 */
class CommittedFileTest {
    private static final Path FILE = Path.of("src/test/resources/dev/paraflux/iia/version2.json");

    /** All keys that a file may have. One that is missing here is a new key, or a renamed one. */
    private static final Set<String> KEYS = Set.of("format", "version", "model", "prediction", "scheduler", "solver",
            "levels", "table", "correction", "calibration", "plainError", "correctedError", "steps", "kind", "settings",
            "spacing", "level", "parent", "parentFactor", "predictions", "states", "vectors", "history", "fineSolver",
            "fineLevels", "conditions", "firstSeed", "samples", "heldOut", "ridge", "onCorrected", "factors", "rank",
            "kept", "left", "errorBefore", "errorAfter", "limit", "weight", "rescale", "above", "upTo", "name",
            "sha256",
            "order", "label");

    /** All texts that it may have, but for the model's own name and digest. */
    private static final Set<String> NAMES = Set.of("paraflux-iia", "x0-clipping", "guidance", "torchscript", "SAMPLE",
            "LEADING", "dpm-solver++", "EVALUATIONS", "label");

    @TempDir
    private Path folder;

    @Test
    void itIsReadAsWhatWasFitted() throws IOException {
        IiaCoefficients coefficients = IiaCoefficients.read(FILE);
        Problem problem = coefficients.problem();
        assertEquals(Optional.of(GuidanceOptions.weight(2).withRescale(0.5).withInterval(0.1, 20)),
                GuidanceOptions.of(problem.model()));
        assertEquals(X0Limit.at(1), X0Clipping.limit(problem.model()));
        assertEquals("digits", problem.model().model().settings().get("name"));
        assertEquals(Prediction.SAMPLE, problem.prediction());
        assertEquals(Optional.of(new DpmSolverPlusPlus(2)), SolverDescription.solver(problem.solver()));
        FittedScheduler scheduler = problem.scheduler().orElseThrow();
        assertEquals(Optional.of(Spacing.LEADING), scheduler.spacing());
        assertTrue(coefficients.isFor(scheduler.config().grid(3)));
        assertTrue(coefficients.isFor(new DpmSolverPlusPlus(2), scheduler.config().grid(3)));
        assertEquals(new Correction(CorrectionVectors.EVALUATIONS, 1), coefficients.correction());
        assertEquals(List.of(Condition.label(3).description(), Condition.label(8).description()),
                coefficients.calibration().conditions());
        assertEquals(1, coefficients.keptSteps());
    }

    @Test
    void writtenAgainItIsTheSame() throws IOException {
        Path again = folder.resolve("again.json");
        IiaCoefficients.read(FILE).write(again);
        assertEquals(Files.readString(FILE), Files.readString(again));
    }

    /** So that no {@code toString}, no class, no sentence takes part: every text is a key of this test. */
    @Test
    void allItsTextsAreFromAFixedList() throws IOException {
        JsonNode root = new ObjectMapper().readTree(FILE.toFile());
        Set<String> keys = new TreeSet<>();
        Set<String> texts = new TreeSet<>();
        collect(root, keys, texts);
        JsonNode module = root.get("model").get(2);
        assertTrue(texts.remove(module.get("name").textValue()));
        assertTrue(texts.remove(module.get("sha256").textValue()));
        keys.removeAll(KEYS);
        texts.removeAll(NAMES);
        assertEquals(Set.of(), keys);
        assertEquals(Set.of(), texts);
    }

    /** The scheduler's settings are another's, and are not looked at. */
    private static void collect(JsonNode node, Set<String> keys, Set<String> texts) {
        node.properties().forEach(field -> {
            keys.add(field.getKey());
            if (!field.getKey().equals("settings")) {
                collect(field.getValue(), keys, texts);
            }
        });
        if (node.isArray()) {
            node.forEach(element -> collect(element, keys, texts));
        }
        if (node.isTextual()) {
            texts.add(node.textValue());
        }
    }

    /** Words are made of values, never the other way round. */
    @Test
    void wordsDoNotTakePartInComparison() {
        Description one = Description.of("guidance").with("weight", 2);
        assertEquals("guidance (weight 2)", one.toString());
        assertEquals(one.toString(), Description.of("guidance").with("weight", "2").toString());
        assertTrue(!one.equals(Description.of("guidance").with("weight", "2")));
    }
}
