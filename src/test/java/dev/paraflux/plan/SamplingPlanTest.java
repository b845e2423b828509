package dev.paraflux.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Device;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonWriter;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.ForwardingDenoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans are kept in files, and hold for what they were made for. */
class SamplingPlanTest {
    private static final int DIM = 12;
    private static final TimeGrid GRID = TestGrids.linear(60);
    private static final Solver SOLVER = new Ddim();

    private static Planner.Builder planner(Denoiser model) {
        return Planner.builder(model, GRID);
    }

    @Test
    void aPlanIsKeptInAFileAndHoldsForWhatItWasMadeFor(@TempDir Path folder) throws IOException {
        Denoiser model = TestDenoisers.bent(DIM);
        SamplingPlan plan = planner(model).build().plan();
        Path file = folder.resolve("plan.json");
        plan.write(file);
        SamplingPlan read = SamplingPlan.read(file);
        assertEquals(plan, read);
        read.requireMadeFor(model, GRID, SOLVER, Device.cpu());
        refused("number of steps", () -> read.sampler(model, TestGrids.linear(61), SOLVER, Device.cpu()));
        refused("solver", () -> read.sampler(model, GRID, new Heun(), Device.cpu()));
        refused("model", () -> read.sampler(new ForwardingDenoiser(model) {}, GRID, SOLVER, Device.cpu()));
        Machine here = plan.problem().machine();
        for (Machine other : List.of(new Machine(here.device(), "another", here.processors()),
                new Machine("cuda:0 (another)", here.processor(), here.processors()))) {
            SamplingPlan elsewhere = new SamplingPlan(
                    new SamplingPlan.Problem(plan.problem().model(), plan.problem().solver(), plan.problem().levels(),
                            other),
                    plan.target(), plan.atOnce(), plan.maxBatch(), plan.cost(), plan.forecasts(), plan.choice(),
                    plan.advice());
            refused("machine", () -> elsewhere.sampler(model, GRID, SOLVER, Device.cpu()));
        }
    }

    private static void refused(String name, Runnable call) {
        IllegalValueException refusal = assertThrows(IllegalValueException.class, call::run);
        assertEquals(name, refusal.name());
        assertTrue(refusal.getMessage().contains("as when the plan was made"), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"format, '\"other\"'", "version, 2", "choice, 9", "choice, -1", "atOnce, 0", "maxBatch, 0", "cost, []",
            "forecasts, []", "target, '\"SPEED\"'", "machine, {}", "levels, []", "surplus, 1", "model, 3"})
    void aDamagedFileIsRefusedByItsKey(String key, String value, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("plan.json");
        planner(TestDenoisers.bent(DIM)).build().plan().write(file);
        Map<String, Object> map = new LinkedHashMap<>(SamplingPlan.read(file).toMap());
        map.put(key, JsonFile.parse("{\"x\": " + value + "}", "x").get("x"));
        Files.writeString(file, JsonWriter.lines(map));
        String message = assertThrows(IllegalValueException.class, () -> SamplingPlan.read(file)).getMessage();
        assertTrue(message.contains("plan.json") && message.contains(key), message);
    }
}
