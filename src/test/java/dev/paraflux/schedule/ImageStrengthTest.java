package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An image is begun from at the time at which the pipelines of diffusers begin: {@code tools/diffusers_strengths.py}. */
class ImageStrengthTest {
    private static final Path FOLDER = Path.of("src/test/resources/diffusers");

    @ParameterizedTest
    @MethodSource("pipelines")
    void theFirstTimeIsThatOfThePipeline(JsonValue pipeline) throws IOException {
        SchedulerConfig config = SchedulerConfig.read(FOLDER.resolve(pipeline.get("config").text()));
        List<JsonValue> bySteps = pipeline.get("times").list();
        for (int steps = 1; steps <= bySteps.size(); steps++) {
            TimeGrid grid = config.grid(steps);
            List<JsonValue> byStrength = bySteps.get(steps - 1).list();
            for (int tenths = 1; tenths <= byStrength.size(); tenths++) {
                double strength = tenths / 10.0;
                TimeGrid part = grid.strength(strength);
                JsonValue time = byStrength.get(tenths - 1);
                String where = pipeline.get("config").text() + ", " + steps + " steps, strength " + strength;
                if (time.isPresent()) {
                    assertEquals(time.number(), part.level(0).time(), 0.01, where);
                } else {
                    // The pipeline fails, or changes nothing.
                    assertEquals(1, part.steps(), where);
                }
            }
        }
    }

    static List<JsonValue> pipelines() throws IOException {
        return JsonFile.read(FOLDER.resolve("strengths.json")).list();
    }
}
