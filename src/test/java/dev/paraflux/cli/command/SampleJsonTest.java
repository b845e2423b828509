package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Stats;
import dev.paraflux.cli.CommandRun;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.method.UpdateCounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code sample --json} says of each sample, and of all. */
class SampleJsonTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "parataa", "srds"})
    void samplesHaveTheirStatisticsAndTogetherMakeTheRuns(String method) throws Exception {
        JsonValue run = JsonFile.parse(CommandRun.of("sample", "--steps", 16, "--labels", "3,5", "--method", method,
                "--out", folder.resolve("a.png"), "--json").requireCode(0).output(), "run");
        List<JsonValue> each = run.get("each").list();
        assertEquals(2, each.size());
        List<String> keys = new ArrayList<>(
                new Stats(0, 0, 0, 0, 0, UpdateCounts.NONE, List.of(), 0, 0, 0).toMap().keySet());
        keys.add("status");
        for (JsonValue sample : each) {
            sample.requireKeys(keys);
            assertTrue(sample.get("rounds").integer() > 0);
        }
        assertEquals(run.get("rounds").integer(),
                each.stream().mapToInt(one -> one.get("rounds").integer()).max().orElseThrow());
        for (String sum : List.of("evaluations", "modelRows")) {
            assertEquals(run.get(sum).integer(), each.stream().mapToInt(one -> one.get(sum).integer()).sum(), sum);
        }
        assertEquals(run.get("seconds").number(),
                each.stream().mapToDouble(one -> one.get("seconds").number()).max().orElseThrow());
    }
}
