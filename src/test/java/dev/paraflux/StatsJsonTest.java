package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.method.UpdateCounts;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatsJsonTest {
    @Test
    void everyNumberHasItsName() throws Exception {
        Stats stats = new Stats(3, 40, 80, 25, 0.125, new UpdateCounts(5, 6, 7, 8), List.of(2.5, 0.5), 1.5, 0.25, 1);
        assertEquals("{\"rounds\":3,\"evaluations\":40,\"modelRows\":80,\"finalRows\":25,\"seconds\":1.5,"
                + "\"queuedSeconds\":0.25,\"modelSeconds\":1.0,\"residual\":0.125,\"updates\":{\"plain\":5,"
                + "\"accelerated\":6,\"indefinite\":7,\"nonFinite\":8},\"refinements\":2,"
                + "\"changePerRefinement\":[2.5,0.5]}", stats.toJson());
    }

    @Test
    void whatIsNotFiniteIsNull() throws Exception {
        Stats stats = new Stats(1, 1, 1, 0, Double.NaN, UpdateCounts.NONE, List.of(Double.POSITIVE_INFINITY, 1.0), 0, 0,
                0);
        JsonValue json = JsonFile.parse(stats.toJson(), "stats");
        assertEquals(false, json.has("residual"));
        assertEquals(2, json.get("refinements").integer());
        assertEquals(true, stats.toJson().contains("\"changePerRefinement\":[null,1.0]"), stats.toJson());
    }
}
