package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.solver.Ddim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls with much noise to be drawn before they begin: more of it than anybody draws between two short rounds. */
@Timeout(120)
class SamplerEntranceTest {
    private static final int DIM = 1 << 14;
    /** Rows of noise that take a tenth of a second and more, where a slice is a ten-thousandth or a row. */
    private static final int NOISE = 400;
    private static final Request NOISY = Request.seed(2).withGrid(TestGrids.linear(NOISE)).withSolver(new Ddim(1));

    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);

    private Sampler sampler(int steps) {
        return Sampler.builder(model, TestGrids.linear(steps)).build();
    }

    /** Whoever is under way has his rounds while another's noise is drawn, all of which used to come in between. */
    @Test
    void roundsGoOnWhileNoiseIsDrawn() {
        Gate joined = new Gate();
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
        model.beforeCall(batch -> {
            sizes.add(batch.size());
            if (sizes.size() == 1) {
                joined.pass();
            }
        });
        try (Sampler sampler = sampler(NOISE)) {
            CompletableFuture<Sample> underWay = sampler.sampleAsync(Request.seed(1));
            joined.awaitRun();
            CompletableFuture<Sample> noisy = sampler.sampleAsync(NOISY);
            joined.open();
            assertEquals(NOISE, underWay.join().stats().rounds());
            assertEquals(NOISE, noisy.join().stats().rounds());
        }
        int alone = 0;
        while (sizes.get(alone) == 1) {
            alone++;
        }
        assertTrue(alone >= 3, "rounds before the other began: " + alone);
    }

    /** A stop is seen between two slices, and does not wait for the rest of the noise. */
    @Test
    void aCallCanBeStoppedWhileItsNoiseIsDrawn() {
        Cancellation cancellation = new Cancellation();
        Gate joined = new Gate();
        AtomicInteger calls = new AtomicInteger();
        model.beforeCall(batch -> {
            assertEquals(1, batch.size());
            if (calls.incrementAndGet() == 1) {
                joined.pass();
            } else if (calls.get() == 3) {
                // One slice was drawn before the second call, and one before this.
                cancellation.cancel();
            }
        });
        try (Sampler sampler = sampler(10)) {
            CompletableFuture<Sample> underWay = sampler.sampleAsync(Request.seed(1));
            joined.awaitRun();
            CompletableFuture<List<Sample>> noisy = sampler.sampleAsync(List.of(Request.seed(3), NOISY),
                    RunOptions.defaults().withCancellation(cancellation));
            joined.open();
            for (Sample sample : noisy.join()) {
                assertEquals(Status.CANCELLED, sample.status());
                assertEquals(0, sample.stats().rounds());
            }
            assertEquals(Status.COMPLETED, underWay.join().status());
            assertEquals(10, calls.get());
            model.beforeCall(batch -> {});
            SamplerJoinTest.assertSame(sampler.sample(NOISY), sampler.sample(NOISY), "again");
        }
    }

    static List<Method> methods() {
        return List.of(new Sequential(), ParaTaa.defaults(), Srds.defaults());
    }

    /** The samples of a call begin together, so that they share every round; and no bit depends on who else is there. */
    @ParameterizedTest
    @MethodSource("methods")
    void samplesOfACallBeginTogether(Method method) {
        List<Request> mixed = IntStream.range(0, 6).mapToObj(s -> Request.seed(s).withMethod(method)
                .withSolver(new Ddim(s % 2))).toList();
        try (Sampler sampler = sampler(60)) {
            long before = sampler.load().rounds();
            List<Sample> together = sampler.sample(mixed);
            assertEquals(together.stream().mapToInt(sample -> sample.stats().rounds()).max().orElseThrow(),
                    sampler.load().rounds() - before);
            for (int s = 0; s < mixed.size(); s++) {
                SamplerJoinTest.assertSame(sampler.sample(mixed.get(s)), together.get(s), "sample " + s);
            }
        }
    }
}
