package dev.paraflux.method.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.Sampler;
import dev.paraflux.Stats;
import dev.paraflux.TestDenoisers;
import dev.paraflux.method.Method;
import dev.paraflux.method.MethodContract;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.HeunLike;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.StagedTwoStep;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SequentialTest extends MethodContract {
    @Override
    protected boolean isAlwaysExact() {
        return true;
    }

    @Override
    protected Method method() {
        return new Sequential();
    }

    /** It is forward substitution, so it gives the oracle's bits. */
    @Override
    protected double tolerance() {
        return 0;
    }

    static Stream<Arguments> rowsEvaluatedInTenSteps() {
        return Stream.of(Arguments.of(new Ddim(), 10), Arguments.of(new HeunLike(), 20),
                Arguments.of(new StagedTwoStep(), 20));
    }

    @ParameterizedTest
    @MethodSource("rowsEvaluatedInTenSteps")
    void everyRowThatIsNeededCostsOneRoundAndOneEvaluation(Solver solver, int rows) {
        try (Sampler sampler = sampler(TestDenoisers.bent(DIM), solver, 10, 64)) {
            Stats stats = sampler.sample(requests(1).get(0)).stats();
            assertEquals(rows, stats.rounds());
            assertEquals(rows, stats.evaluations());
            assertEquals(0, stats.residual());
        }
    }

    @Test
    void rowsAreEvaluatedInOrderAndOneOfEachSampleInARound() {
        TestDenoisers.Recording model = TestDenoisers.bent(DIM);
        try (Sampler sampler = sampler(model, new Ddim(), 5, 64)) {
            sampler.sample(requests(3));
            for (int call = 0; call < 5; call++) {
                assertEquals(3, model.batchSizes().get(call));
                for (int s = 0; s < 3; s++) {
                    assertEquals(sampler.system().level(call), model.levels().get(3 * call + s));
                }
            }
        }
    }
}
