package dev.paraflux.gold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Status;
import dev.paraflux.method.window.FirstGuess;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.method.window.Unrolling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The official ParaTAA and ParaDiGMS codes were run on the demo model; ours takes as many rounds and ends as near to the
 * sequential sample. Some runs of each kind, or all of them with {@code -Dparaflux.gold=all} (half an hour).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParallelReferenceTest {
    private static final boolean ALL = "all".equals(System.getProperty("paraflux.gold"));
    /** Rows are float32 here and float64 there. */
    private static final double FLOAT_DISTANCE = 1e-3;

    private final GoldRuns runs = new GoldRuns();

    @AfterAll
    void close() {
        runs.close();
    }

    @ParameterizedTest
    @MethodSource("paraTaa")
    void paraTaaTakesAsManyRoundsAsTheOfficialCode(JsonNode official) throws IOException {
        int history = official.get("m").asInt();
        boolean relativeOnly = official.get("tol").asText().equals("paper");
        double eta = official.path("eta").asDouble(0);
        ParaTaa method = new ParaTaa(100, official.get("k").asInt(), history, 1e-3,
                Tolerance.residual(relativeOnly ? 0 : 1e-3, 1e-3), true,
                FirstGuess.copy(), ParaTaa.ALL, Unrolling.INTEGRATING_FACTOR);
        GoldRuns.Run run = run(official, eta, "scheduler_config.json");
        Sample sample = runs.sample(run, method);
        int rounds = sample.stats().rounds();
        int theirs = official.get("iters").asInt();
        double distance = runs.distance(run, sample.values());
        assertTrue(rounds <= theirs + 1, rounds + " rounds, " + theirs + " officially");
        // With three iterates or more the official code combines the wrong ones at times; ours may be better. Over many
        // rounds the float32 rows lead apart: the one run of all that does takes 77 rounds here and 79 there.
        int fewest = theirs - Math.max(1, theirs / 35);
        assertTrue(history > 2 || rounds >= fewest, rounds + " rounds, " + theirs + " officially");
        double limit = 1.2 * official.get("final_l2").asDouble() + FLOAT_DISTANCE;
        assertTrue(distance <= limit, distance + " from sequential, at most " + limit);
    }

    @ParameterizedTest
    @MethodSource("paradigms")
    void picardTakesAsManyRoundsAsTheOfficialCode(JsonNode official) throws IOException {
        GoldRuns.Run run = run(official, 0, "scheduler_config_final1.json");
        Sample sample = runs.sample(run,
                Picard.defaults().withWindow(100).withUnrolling(Unrolling.DRIFT)
                        .withTolerance(Tolerance.steps(official.get("tol").asDouble())));
        double distance = runs.distance(run, sample.values());
        assertEquals(official.get("passes").asInt(), sample.stats().rounds(), 1);
        double limit = 1.2 * official.get("final_l2").asDouble() + FLOAT_DISTANCE;
        assertTrue(distance <= limit, distance + " from sequential, at most " + limit);
    }

    @Test
    void aSmallToleranceReachesTheSequentialSample() throws IOException {
        GoldRuns.Run run = new GoldRuns.Run(0, 3, 5, 0, "scheduler_config.json");
        float[] values = runs.sample(run, ParaTaa.defaults().withTolerance(Tolerance.residual(1e-6, 1e-6))).values();
        assertTrue(runs.distance(run, values) <= 1e-4 * Math.sqrt(values.length));
    }

    /** In the paper's form; the default form saves evaluations, but has few rounds to save. */
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "0, 5", "1, 5"})
    void aWarmStartFromAnotherLabelTakesClearlyFewerRounds(int sample, double guidance) throws IOException {
        ParaTaa method = new ParaTaa(100, 20, 2, 1e-3, Tolerance.residual(1e-3, 1e-3), true, FirstGuess.copy(),
                ParaTaa.ALL,
                Unrolling.INTEGRATING_FACTOR);
        GoldRuns.Run three = new GoldRuns.Run(sample, 3, guidance, 0, "scheduler_config.json");
        GoldRuns.Run eight = new GoldRuns.Run(sample, 8, guidance, 0, "scheduler_config.json");
        Sample first = runs.sample(three, method, RunOptions.defaults().withTrajectories());
        Sample scratch = runs.sample(eight, method);
        Sample warm = runs.sample(eight, method.withFirstGuess(FirstGuess.warmStart(first.trajectory(), 60)));
        assertEquals(Status.CONVERGED, warm.status());
        String message = warm.stats().rounds() + " rounds warm, " + scratch.stats().rounds() + " from scratch; "
                + warm.stats().evaluations() + " evaluations warm, " + scratch.stats().evaluations() + " from scratch";
        assertTrue(warm.stats().rounds() <= 0.85 * scratch.stats().rounds(), message);
        assertTrue(warm.stats().evaluations() <= 0.6 * scratch.stats().evaluations(), message);
    }

    private static GoldRuns.Run run(JsonNode official, double eta, String scheduler) {
        return new GoldRuns.Run(official.get("sample").asInt(), official.get("label").asInt(),
                official.get("guidance").asDouble(), eta, scheduler);
    }

    static List<JsonNode> paraTaa() throws IOException {
        List<JsonNode> selected = new ArrayList<>();
        for (JsonNode run : read("parataa.json")) {
            boolean cheap = run.get("nfe").asInt() < 1500 && run.get("guidance").asDouble() == 1;
            if (ALL || cheap && run.get("k").asInt() >= 20) {
                selected.add(run);
            }
        }
        for (JsonNode run : read("parataa_eta1.json")) {
            if (ALL || run.get("m").asInt() == 3) {
                selected.add(run);
            }
        }
        return selected;
    }

    static List<JsonNode> paradigms() throws IOException {
        List<JsonNode> selected = new ArrayList<>();
        for (JsonNode run : read("paradigms.json")) {
            if (ALL || run.get("guidance").asDouble() == 1) {
                selected.add(run);
            }
        }
        return selected;
    }

    private static JsonNode read(String name) throws IOException {
        return new ObjectMapper().readTree(GoldRuns.GOLD.resolve(name).toFile());
    }
}
