package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.StepClipping;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.schedule.X0Limit;
import dev.paraflux.solver.Ddpm;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A request may name what the sampler would take by itself, as far as the model lets it. */
class RequestsOfTheirOwnTest {
    private static final TimeGrid GRID = TestGrids.linear(6);
    private static final TimeGrid OTHER = TestGrids.linear(9);
    private static final Request PLAIN = Request.seed(3);

    @Test
    void aRequestOfItsOwnIsThatOfASamplerOfItsOwn() {
        Denoiser model = TestDenoisers.bent(20);
        try (Sampler sampler = Sampler.builder(model, GRID).build();
                Sampler own = Sampler.builder(model, OTHER).solver(new Ddpm()).build()) {
            assertArrayEquals(own.sample(PLAIN).values(),
                    sampler.sample(PLAIN.withGrid(OTHER).withSolver(new Ddpm())).values());
            assertArrayEquals(sampler.sample(PLAIN).values(), sampler.sample(PLAIN.withGrid(GRID)).values());
        }
    }

    /** Such clipping is a part of the sampler's steps, and would be wrong for others. */
    @Test
    void aModelThatServesOneGridRefusesOthers() {
        Denoiser clipped = Afterwards.close(
                StepClipping.of(TestDenoisers.bent(20), X0Limit.at(1),
                        Map.of(GRID.level(0), new StepClipping.Step(1, 0.5, 1))));
        try (Sampler sampler = Sampler.builder(clipped, GRID).build()) {
            sampler.sample(PLAIN);
            sampler.sample(PLAIN.withGrid(GRID.from(1)));
            assertRefused("grid TimeGrid[", () -> sampler.sample(PLAIN.withGrid(OTHER.from(1))));
            assertRefused("grid TimeGrid[", () -> sampler.sample(PLAIN.withGrid(OTHER)));
            assertRefused("solver Ddpm[", () -> sampler.sample(PLAIN.withSolver(new Ddpm())));
        }
    }

    private static void assertRefused(String beginning, Executable use) {
        String message = assertThrows(IllegalArgumentException.class, use).getMessage();
        assertTrue(message.startsWith(beginning) && message.endsWith(
                "since the clipping around the model is a part of its steps")
                && message.contains(": must be the sampler's, "),
                message);
    }
}
