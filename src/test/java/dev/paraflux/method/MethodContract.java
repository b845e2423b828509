package dev.paraflux.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Cancellation;
import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Stats;
import dev.paraflux.Status;
import dev.paraflux.TestDenoisers;
import dev.paraflux.Tolerances;
import dev.paraflux.model.Condition;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.ForwardSubstitution;
import dev.paraflux.solver.HeunLike;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.StagedTwoStep;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every method owes, whatever its settings: inherit this, say which method, and these tests run for it. The method
 * is to solve its system to the end, so give it the tolerance at which it does.
 */
public abstract class MethodContract extends OutcomeContract {
    /** Largest difference to forward substitution that is allowed; 0 demands its bits. */
    protected double tolerance() {
        return Tolerances.METHOD;
    }

    /** All of them, unless the method refuses some. */
    @Override
    protected List<Solver> solvers() {
        return List.of(new Ddim(), new Ddim(0.5), new Ddpm(), new HeunLike(), new StagedTwoStep());
    }

    /** Whether waiting may take more rounds than there are rows to evaluate. */
    protected boolean mayExceedRows() {
        return false;
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void sampleIsThatOfForwardSubstitution(Solver solver) {
        for (int steps : new int[] {1, 2, 3, 7, 20}) {
            TestDenoisers.Recording model = TestDenoisers.bent(DIM);
            try (Sampler sampler = sampler(model, solver, steps, 64)) {
                List<Sample> samples = sampler.sample(requests(3));
                for (int s = 0; s < 3; s++) {
                    float[] expected = forward(sampler.system(), requests(3).get(s));
                    assertTrue(samples.get(s).status().isSolved(), samples.get(s).message());
                    assertArrayEquals(expected, samples.get(s).values(), (float) tolerance(), solver + ", " + steps);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void roundsNeverExceedTheRowsThatAreEvaluated(Solver solver) {
        for (int steps : new int[] {1, 2, 7, 20}) {
            TestDenoisers.Recording model = TestDenoisers.bent(DIM);
            try (Sampler sampler = sampler(model, solver, steps, 1000)) {
                Stats stats = sampler.sample(requests(1).get(0)).stats();
                TriangularSystem system = sampler.system();
                int evaluated = (int) IntStream.range(0, system.rows()).filter(system::evaluated).count();
                assertTrue(mayExceedRows() || stats.rounds() <= evaluated,
                        stats.rounds() + " rounds, " + evaluated + " rows");
                assertEquals(stats.rounds(), model.calls(), "one model call a round");
                assertEquals(stats.evaluations(), model.levels().size());
                assertEquals(stats.evaluations(), stats.modelRows());
                assertTrue(stats.residual() >= 0 && stats.residual() < 1, "residual " + stats.residual());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void modelIsAskedOnlyAtRowsThatTheSystemNeeds(Solver solver) {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        try (Sampler sampler = sampler(model, solver, 7, 64)) {
            sampler.sample(requests(2));
            List<NoiseLevel> needed = IntStream.range(0, sampler.system().rows()).filter(sampler.system()::evaluated)
                    .mapToObj(sampler.system()::level).toList();
            for (NoiseLevel level : model.levels()) {
                assertTrue(needed.contains(level), () -> "asked at " + level);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 64})
    void sampleDoesNotDependOnTheBatchItRidesIn(int maxBatch) {
        for (Solver solver : solvers()) {
            TestDenoisers.Recording model = TestDenoisers.bent(DIM);
            List<Request> requests = requests(5);
            try (Sampler together = sampler(model, solver, 6, maxBatch);
                    Sampler alone = sampler(TestDenoisers.bent(DIM), solver, 6, 64)) {
                List<Sample> samples = together.sample(requests);
                for (int s = 0; s < 5; s++) {
                    assertArrayEquals(alone.sample(requests.get(s)).values(), samples.get(s).values(), "sample " + s);
                }
            }
            assertTrue(model.batchSizes().stream().allMatch(size -> size <= maxBatch), "a batch above maxBatch");
        }
    }

    @Test
    void sameRequestsGiveTheSameBitsAgain() {
        for (Solver solver : solvers()) {
            try (Sampler sampler = sampler(TestDenoisers.bent(DIM), solver, 6, 64)) {
                List<float[]> first = sampler.sample(requests(3)).stream().map(Sample::values).toList();
                sampler.sample(requests(3).stream().map(request -> request.withLabel(9)).toList());
                List<Sample> second = sampler.sample(requests(3));
                for (int s = 0; s < 3; s++) {
                    assertArrayEquals(first.get(s), second.get(s).values());
                }
            }
        }
    }

    @Test
    void progressRisesToTheLastRow() {
        for (Solver solver : solvers()) {
            try (Sampler sampler = sampler(TestDenoisers.bent(DIM), solver, 6, 64)) {
                List<Integer> rounds = new ArrayList<>();
                List<Integer> finalRows = new ArrayList<>(List.of(0));
                sampler.sample(requests(2), RunOptions.defaults().withListener(progress -> {
                    rounds.add(progress.round());
                    finalRows.add(progress.finalRows());
                    assertEquals(2 * sampler.system().rows(), progress.rows());
                }));
                assertEquals(IntStream.rangeClosed(1, rounds.size()).boxed().toList(), rounds);
                assertEquals(finalRows.stream().sorted().toList(), finalRows, "it never falls");
                assertEquals(2 * sampler.system().rows(), finalRows.get(finalRows.size() - 1));
            }
        }
    }

    @Test
    void notANumberEndsItsSampleAloneAndIsNamed() {
        int row = 4;
        NoiseLevel level = grid(6).level(row);
        TestDenoisers.Recording model = TestDenoisers.bent(DIM)
                .spoil((at, condition) -> at.equals(level) && condition.equals(Condition.label(1)));
        try (Sampler sampler = sampler(model, new Ddim(), 6, 64)) {
            List<Sample> samples = sampler.sample(requests(3));
            assertEquals(Status.NON_FINITE, samples.get(1).status());
            String message = samples.get(1).message();
            String named = "in round " + samples.get(1).stats().rounds() + ", at row " + row + " (time " + level.time();
            assertTrue(message.startsWith(named), message);
            for (int s : new int[] {0, 2}) {
                assertTrue(samples.get(s).status().isSolved());
                assertArrayEquals(forward(sampler.system(), requests(3).get(s)), samples.get(s).values(),
                        (float) tolerance());
            }
            List<Sample> again = sampler.sample(requests(1));
            assertTrue(again.get(0).status().isSolved(), "the sampler is as good as before");
        }
    }

    @Test
    void cancelTakesEffectWithinOneModelCall() {
        Cancellation cancellation = new Cancellation();
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        model.beforeCall(batch -> {
            if (model.calls() == 2) {
                cancellation.cancel();
            }
        });
        try (Sampler sampler = sampler(model, new Ddim(), 20, 2)) {
            List<Sample> samples = sampler.sample(requests(3), RunOptions.defaults().withCancellation(cancellation));
            assertEquals(2, model.calls());
            for (Sample sample : samples) {
                assertEquals(Status.CANCELLED, sample.status());
                assertFalse(sample.status().isSolved());
            }
            assertArrayEquals(forward(sampler.system(), requests(1).get(0)),
                    sampler.sample(requests(1).get(0)).values(), (float) tolerance(), "the next run");
        }
    }

    /** The oracle's sample, with the noise that the request's seed stands for. */
    protected static float[] forward(TriangularSystem system, Request request) {
        TorchRandom random = new TorchRandom(request.seed());
        float[] start = new float[DIM];
        random.fillNormal(start);
        NoiseLevel first = system.level(0);
        for (int e = 0; e < DIM && !first.preservesVariance(); e++) {
            start[e] = (float) (first.sigma() * start[e]);
        }
        float[] rowNoise = new float[system.rows() * DIM];
        for (int row = 1; row <= system.rows(); row++) {
            if (system.drawn(row)) {
                float[] noise = new float[DIM];
                random.fillNormal(noise);
                System.arraycopy(noise, 0, rowNoise, (row - 1) * DIM, DIM);
            }
        }
        return ForwardSubstitution.solve(system, TestDenoisers.bent(DIM), request.condition(), start,
                rowNoise)[system.rows()];
    }
}
