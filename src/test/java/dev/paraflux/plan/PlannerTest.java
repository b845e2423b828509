package dev.paraflux.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Cancellation;
import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Device;
import dev.paraflux.method.core.Decoder;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Solver;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The choice is told by models whose calls take what they are told to, far longer than all else. */
class PlannerTest {
    private static final int DIM = 12;
    private static final int STEPS = 60;
    private static final TimeGrid GRID = TestGrids.linear(STEPS);
    private static final Solver SOLVER = new Ddim();

    private static TestDenoisers.Recording sleeping(double call, double row) {
        return TestDenoisers.gaussian(DIM, 0.3, 0.7, Prediction.EPSILON).beforeCall(taking(call, row));
    }

    /** So many milliseconds a call and a row of it. */
    static Consumer<Batch> taking(double call, double row) {
        return batch -> {
            try {
                Thread.sleep(Math.round(call + row * batch.size()));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
    }

    private static Planner.Builder planner(Denoiser model) {
        return Planner.builder(model, GRID);
    }

    private static Forecast of(SamplingPlan plan, String name) {
        return plan.forecasts().stream().filter(forecast -> forecast.candidate().name().equals(name)).findFirst()
                .orElseThrow();
    }

    @Test
    void whereACallTakesTheSameForAnyRowsItIsParallelAndSamplesAreItsMethods() {
        Denoiser model = sleeping(5, 0);
        SamplingPlan plan = planner(model).build().plan();
        assertNotEquals("sequential", plan.chosen().candidate().name(), plan.reason());
        assertTrue(plan.reason().contains("times as fast as sequential sampling"), plan.reason());
        Forecast sequential = plan.forecasts().get(0);
        assertEquals(STEPS, sequential.rounds());
        assertEquals(STEPS, sequential.evaluations());
        assertEquals(0, sequential.distance());
        assertTrue(plan.chosen().rounds() < STEPS / 2, plan.reason());
        Request request = Request.seed(1);
        Sample sample;
        try (Sampler sampler = plan.sampler(model, GRID, SOLVER, Device.cpu()).build()) {
            sample = sampler.sample(request);
        }
        try (Sampler sampler = Sampler.builder(model, GRID).method(plan.chosen().candidate().method()).build()) {
            assertArrayEquals(sampler.sample(request).values(), sample.values());
        }
    }

    @Test
    void whereEachRowTakesAsLongItIsSequentialAndSaysWhy() {
        SamplingPlan plan = planner(sleeping(0, 2)).build().plan();
        assertEquals("sequential", plan.chosen().candidate().name());
        assertTrue(plan.reason().matches("sequential is fastest here: a sample of 60 steps takes .*"), plan.reason());
        assertTrue(of(plan, "picard").seconds() > plan.chosen().seconds(), plan.toString());
    }

    @Test
    void aMethodThatTakesFarTooLongIsNotDrawnToItsEnd() {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        ModelCost cost = new ModelCost(List.of(new ModelCost.Point(1, 1, 0)));
        try (Trials trials = new Trials(planner(model), cost, new Cancellation())) {
            assertEquals(STEPS,
                    trials.of(Candidate.of("sequential"), Long.MAX_VALUE, Double.POSITIVE_INFINITY).seconds(),
                    1);
            int before = model.calls();
            Forecast forecast = trials.of(Candidate.of("picard"), Long.MAX_VALUE, STEPS / 6.0);
            assertEquals("slower than 3 times the best", forecast.excluded());
            assertEquals(1, model.calls() - before);
        }
    }

    @Test
    void forTheFewestRowsItIsSequential() {
        SamplingPlan plan = planner(TestDenoisers.bent(DIM)).target(Target.ENERGY).build().plan();
        assertEquals("sequential", plan.chosen().candidate().name());
        assertTrue(plan.reason().contains("takes the fewest model rows here: 60 a sample"), plan.reason());
        assertTrue(plan.forecasts().stream().allMatch(Forecast::isChoice), plan.toString());
    }

    @Test
    void manyAtOnceShareTheirCalls() {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        SamplingPlan plan = planner(model).target(Target.THROUGHPUT).requests(List.of(Request.seed(5))).build().plan();
        assertEquals(16, plan.atOnce());
        assertEquals(64, plan.cost().points().get(plan.cost().points().size() - 1).rows());
        assertTrue(model.batchSizes().contains(16));
    }

    @ParameterizedTest
    @CsvSource({"sequential, 0", "picard, 1", "parataa, 2"})
    void aWindowIsMadeToFitTheMemory(String name, int window) {
        // Rows of 12 values, padded to 16: 64 bytes a row.
        long bytes = of(planner(TestDenoisers.bent(DIM)).target(Target.ENERGY).build().plan(), name).bytes();
        SamplingPlan plan = planner(TestDenoisers.bent(DIM)).target(Target.ENERGY).maxBytes(Math.max(400, bytes / 2))
                .build().plan();
        Forecast forecast = of(plan, name);
        assertTrue(forecast.bytes() <= Math.max(400, bytes / 2), forecast.toString());
        assertEquals(window == 0, forecast.candidate().window() == 0);
        assertTrue(of(plan, "sparse").excluded().startsWith("over the limit of "), of(plan, "sparse").excluded());
    }

    @Test
    void whatIsFartherThanTheLimitIsNotChosen() {
        SamplingPlan plan = planner(sleeping(5, 0)).maxDistance(0).build().plan();
        assertEquals(0, plan.chosen().distance());
        assertTrue(plan.forecasts().stream().anyMatch(
                forecast -> forecast.excluded().equals("farther from the sequential sample than 0.0")),
                plan.toString());
    }

    @Test
    void aMethodThatDoesNotSuitTheStepsSaysSo() {
        SamplingPlan plan = Planner.builder(TestDenoisers.bent(DIM), TestGrids.linear(1)).build().plan();
        assertTrue(plan.forecasts().stream().filter(forecast -> !forecast.isChoice())
                .allMatch(forecast -> forecast.excluded().startsWith("not for these steps: ")
                        || forecast.excluded().startsWith("slower")),
                plan.toString());
    }

    @Test
    void whatTheModelThrowsWhileItIsMeasuredOrRunSurfaces() {
        RuntimeException thrown = new RuntimeException("from the model");
        for (int call : new int[] {1, 200}) {
            TestDenoisers.Recording model = TestDenoisers.bent(DIM);
            model.beforeCall(batch -> {
                if (model.calls() == call) {
                    throw thrown;
                }
            });
            Planner planner = planner(model).build();
            assertSame(thrown, assertThrows(RuntimeException.class, planner::plan));
        }
    }

    @Test
    void aModelThatPredictsNoNumbersCannotBePlanned() {
        Denoiser model = TestDenoisers.bent(DIM).spoil((level, condition) -> true);
        String message = assertThrows(IllegalStateException.class, () -> planner(model).build().plan()).getMessage();
        assertTrue(
                message.startsWith("nothing can be planned: sequential sampling is not to be had: it ended NON_FINITE"),
                message);
    }

    @Test
    void aCancellationEndsIt() {
        for (int call : new int[] {1, 200}) {
            Cancellation cancellation = new Cancellation();
            TestDenoisers.Recording model = TestDenoisers.bent(DIM);
            model.beforeCall(batch -> {
                if (model.calls() == call) {
                    cancellation.cancel();
                }
            });
            Planner planner = planner(model).build();
            assertThrows(CancellationException.class, () -> planner.plan(cancellation));
            assertTrue(model.calls() < call + 3, model.calls() + " calls");
        }
    }

    /** Pictures that move a hundred times as far as their latents take more refinements, and end so much farther apart. */
    @Test
    void latentsAreLookedAtAsPictures() {
        Denoiser model = TestDenoisers.bent(DIM);
        Decoder decoder = new Decoder() {
            @Override
            public int pictureDim() {
                return DIM;
            }

            @Override
            public void decode(float[] latent, float[] picture) {
                for (int i = 0; i < DIM; i++) {
                    picture[i] = 100 * latent[i];
                }
            }
        };
        SamplingPlan latents = planner(model).target(Target.ENERGY).build().plan();
        SamplingPlan pictures = planner(model).target(Target.ENERGY).decoder(decoder).build().plan();
        assertTrue(of(pictures, "srds").evaluations() > of(latents, "srds").evaluations(), pictures.toString());
        assertEquals(100 * of(latents, "picard").distance(), of(pictures, "picard").distance(),
                0.01 * of(pictures, "picard").distance());
    }

    @Test
    void anInterruptCancelsIt() {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        model.beforeCall(batch -> {
            if (model.calls() == 200) {
                Thread.currentThread().interrupt();
            }
        });
        Planner planner = planner(model).build();
        assertThrows(CancellationException.class, planner::plan);
        assertTrue(Thread.interrupted());
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        Planner.Builder builder = planner(TestDenoisers.bent(DIM));
        assertThrows(IllegalValueException.class, () -> builder.requests(List.of()));
        assertThrows(IllegalValueException.class, () -> builder.maxBytes(0));
        assertThrows(IllegalValueException.class, () -> builder.maxDistance(-1));
        assertThrows(IllegalValueException.class, () -> builder.maxDistance(Double.NaN));
        assertThrows(IllegalValueException.class, () -> builder.maxBatch(0));
        assertThrows(IllegalValueException.class, () -> builder.atOnce(0));
        assertThrows(IllegalValueException.class, () -> new Candidate("newton", 0));
        assertThrows(IllegalValueException.class, () -> new Candidate("srds", 5));
        assertFalse(Candidate.of("srds").hasWindow());
        String message = assertThrows(IllegalValueException.class,
                () -> planner(TestDenoisers.bent(DIM)).maxBytes(1).build().plan()).getMessage();
        assertTrue(message.matches("maxBytes 1: must be \\d+ bytes or more, which a sequential sample takes"), message);
    }
}
