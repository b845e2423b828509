package dev.paraflux.gold;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paraflux.Sample;
import dev.paraflux.io.Npy;
import dev.paraflux.method.core.Srds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Algorithm 1 of SRDS, run on the demo model by independent code: ours takes as many refinements, changes as much in each
 * and ends where it ended. The runs of 961 steps only with {@code -Dparaflux.gold=all}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SrdsReferenceTest {
    private static final boolean ALL = "all".equals(System.getProperty("paraflux.gold"));
    private static final int PIXELS = 28 * 28;

    private final GoldRuns runs = new GoldRuns();

    @AfterAll
    void close() {
        runs.close();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void everyRefinementIsThatOfTheReference(JsonNode reference) throws IOException {
        List<float[]> answers = new ArrayList<>();
        Sample sample = runs.srds(reference, Srds.defaults(), progress -> {
            if (progress.answers(0) > answers.size()) {
                answers.add(new float[PIXELS]);
                progress.preview(0, answers.get(answers.size() - 1));
            }
        });
        int refinements = reference.get("stop").asInt();
        assertTrue(sample.status().isSolved(), sample.message());
        assertEquals(refinements, sample.stats().refinements());
        assertEquals(refinements + 1, answers.size());
        float[] expected = Npy.read(GoldRuns.GOLD.resolve(finals(reference))).toFloats();
        for (int p = 0; p <= refinements; p++) {
            if (p > 0) {
                double change = reference.get("conv").get(p - 1).asDouble();
                assertEquals(change, sample.stats().changes().get(p - 1), Math.max(1e-3, 0.02 * change));
            }
            double difference = largestDifference(answers.get(p), expected, p * PIXELS);
            assertTrue(difference <= 1e-4, "refinement " + p + " differs by " + difference);
        }
        assertArrayEquals(answers.get(refinements), sample.values());
        assertEquals(reference.get("pipe").asInt(), sample.stats().rounds());
    }

    private static double largestDifference(float[] values, float[] expected, int offset) {
        double largest = 0;
        for (int e = 0; e < PIXELS; e++) {
            largest = Math.max(largest, Math.abs((double) values[e] - expected[offset + e]));
        }
        return largest;
    }

    private static String finals(JsonNode reference) {
        return "srds_finals_N" + reference.get("N").asInt()
                + (reference.get("guidance").asDouble() == 1 ? "_unguided" : "_guided5") + "_s"
                + reference.get("sample").asInt() + ".npy";
    }

    static List<JsonNode> runs() throws IOException {
        List<JsonNode> selected = new ArrayList<>();
        for (JsonNode run : new ObjectMapper().readTree(GoldRuns.GOLD.resolve("srds.json").toFile())) {
            if (ALL || run.get("N").asInt() < 961) {
                selected.add(run);
            }
        }
        return selected;
    }
}
