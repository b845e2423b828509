package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Solve;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Decoder;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a run calls back may throw, interrupt, come back or close things: the run ends, the next works, and all memory is freed. */
class SamplerCallbackTest {
    private static final int DIM = 20;
    private static final int STEPS = 9;
    private static final List<Request> TWO = List.of(Request.seed(1), Request.seed(2).withLabel(4));
    private static final RunOptions PLAIN = RunOptions.defaults();

    private final TestDenoisers.Recording model = TestDenoisers.bent(DIM);
    private final List<Memory> memories = new ArrayList<>();
    private Runnable inAllocation = () -> {};
    private Sampler sampler;

    static List<Method> methods() {
        return List.of(new Sequential(), Picard.defaults().withWindow(4).withTolerance(Tolerance.steps(0)),
                ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0)),
                SparseParaTaa.of(ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0))),
                Srds.defaults().withStop(StopRule.pixels(0)), Chords.ofCores(3).withStop(StopRule.pixels(0)));
    }

    /** What a run was given, and whether it was freed. */
    private static final class Memory implements Method.Workspace {
        private final Problem problem;
        private final Method.Workspace inner;
        private int closes;

        Memory(Problem problem, Method.Workspace inner) {
            this.problem = problem;
            this.inner = inner;
        }

        @Override
        public Solve solve(int sample) {
            return inner.solve(sample);
        }

        @Override
        public long bytes() {
            return inner.bytes();
        }

        @Override
        public void close() {
            closes++;
            inner.close();
        }

        boolean isFreed() {
            return closes == 1 && isClosed(() -> problem.start().read(0, new float[DIM]))
                    && isClosed(() -> problem.noise().read(0, new float[DIM]));
        }

        private static boolean isClosed(Runnable use) {
            try {
                use.run();
                return false;
            } catch (IllegalStateException closed) {
                return true;
            }
        }
    }

    /** The method, with its memory in the list; may fail before it has any. */
    private Method watched(Method method) {
        return new Method() {
            @Override
            public int mostRows(TriangularSystem system) {
                return method.mostRows(system);
            }

            @Override
            public Workspace allocate(Problem problem) {
                Workspace inner = method.allocate(problem);
                Memory memory = new Memory(problem, inner);
                memories.add(memory);
                try {
                    inAllocation.run();
                } catch (Throwable e) {
                    memory.close();
                    throw e;
                }
                return memory;
            }
        };
    }

    private void begin(Method method) {
        sampler = Sampler.builder(model, TestGrids.linear(STEPS)).solver(new Ddpm()).method(watched(method)).build();
    }

    /** The sampler gives what a new one does, and closes. */
    @AfterEach
    void samplerIsAsGoodAsNew() {
        model.beforeCall(batch -> {});
        inAllocation = () -> {};
        try (Sampler fresh = Sampler.builder(model, TestGrids.linear(STEPS)).solver(new Ddpm()).build()) {
            assertArrayEquals(fresh.sample(TWO).get(1).values(), sampler.sample(TWO).get(1).values());
        }
        sampler.close();
        assertTrue(memories.stream().allMatch(Memory::isFreed));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void throwableOfTheListenerReachesTheCallerAsItIs(Method method) {
        begin(method);
        for (Throwable thrown : List.of(new RuntimeException("listener"), new StackOverflowError("listener"))) {
            for (int round : new int[] {1, 2, 3}) {
                assertSame(thrown, assertThrows(Throwable.class, () -> sampler.sample(TWO, PLAIN.withListener(
                        progress -> {
                            if (progress.round() == round) {
                                sneak(thrown);
                            }
                        }))));
            }
        }
    }

    /** A denoiser without a finally, or one that forgets. */
    @ParameterizedTest
    @MethodSource("methods")
    void whatTheModelAcquiresAndDoesNotReleaseIsReleased(Method method) {
        begin(method);
        model.beforeCall(batch -> batch.acquire(model));
        sampler.sample(TWO);
        Throwable thrown = new IllegalStateException("model");
        model.beforeCall(batch -> {
            batch.acquire(model);
            sneak(thrown);
        });
        assertSame(thrown, assertThrows(Throwable.class, () -> sampler.sample(TWO)));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void throwableOfTheModelReachesTheCallerAsItIs(Method method) {
        begin(method);
        Throwable thrown = new StackOverflowError("model");
        int[] calls = new int[1];
        model.beforeCall(batch -> {
            calls[0]++;
            if (calls[0] == 3) {
                sneak(thrown);
            }
        });
        assertSame(thrown, assertThrows(Throwable.class, () -> sampler.sample(TWO)));
    }

    @Test
    void outOfMemoryWhileMemoryIsTakenLeavesNone() {
        begin(new Sequential());
        OutOfMemoryError thrown = new OutOfMemoryError("in the middle");
        inAllocation = () -> sneak(thrown);
        for (int i = 0; i < 3; i++) {
            assertSame(thrown, assertThrows(OutOfMemoryError.class, () -> sampler.sample(TWO)));
        }
        inAllocation = () -> {};
        sampler.sample(TWO);
        inAllocation = () -> sneak(thrown);
        List<Request> three = List.of(TWO.get(0), TWO.get(1), TWO.get(0));
        assertSame(thrown, assertThrows(OutOfMemoryError.class, () -> sampler.sample(three)), "in place of less");
    }

    @Test
    void interruptDuringARunCancelsItWithinOneModelCallAndIsKept() {
        begin(new Sequential());
        int before = model.calls();
        List<Sample> samples = sampler.sample(TWO, PLAIN.withListener(progress -> {
            if (progress.round() == 2) {
                Thread.currentThread().interrupt();
            }
        }));
        assertTrue(Thread.interrupted(), "the interrupt is kept");
        assertEquals(Status.CANCELLED, samples.get(0).status());
        assertEquals(2, model.calls() - before);
        Thread.currentThread().interrupt();
        assertEquals(Status.CANCELLED, sampler.sample(TWO).get(0).status(), "a thread that comes interrupted");
        assertTrue(Thread.interrupted());
        assertEquals(2, model.calls() - before);
    }

    /** From each callback. */
    @Test
    void runsFromWithinARunAreRefusedAndItGoesOn() {
        int[] refusals = new int[1];
        Runnable misuse = () -> {
            assertThrows(IllegalStateException.class, () -> sampler.sample(TWO));
            assertThrows(IllegalStateException.class, () -> sampler.sample(TWO.get(0)));
            assertThrows(IllegalStateException.class, () -> sampler.sampleAsync(TWO.get(0)));
            assertThrows(IllegalStateException.class, () -> sampler.warmUp(TWO.get(0)));
            refusals[0]++;
        };
        Decoder decoder = decoder(misuse);
        begin(Srds.defaults().withStop(StopRule.decoded(decoder, 0)));
        model.beforeCall(batch -> misuse.run());
        inAllocation = misuse;
        List<Sample> samples = sampler.sample(TWO, PLAIN.withListener(progress -> misuse.run()));
        assertTrue(samples.stream().allMatch(sample -> sample.status() == Status.COMPLETED));
        assertTrue(refusals[0] > 2 * samples.get(0).stats().rounds(), refusals[0] + " refusals");
    }

    private static Decoder decoder(Runnable before) {
        return new Decoder() {
            @Override
            public int pictureDim() {
                return 1;
            }

            @Override
            public void decode(float[] latent, float[] picture) {
                before.run();
                picture[0] = latent[0];
            }
        };
    }

    /** From each callback, the model's, the decoder's, the listener's: the run ends, then the memory is freed. */
    @Test
    void closesFromWithinARunEndIt() {
        List<Runnable> before = new ArrayList<>(List.of(() -> {}));
        Decoder decoder = decoder(() -> before.get(0).run());
        for (int from = 0; from < 3; from++) {
            memories.clear();
            begin(Srds.defaults().withStop(StopRule.decoded(decoder, 0)));
            Sampler closing = sampler;
            Runnable close = closing::close;
            before.set(0, from == 0 ? close : () -> {});
            model.beforeCall(from == 1 ? batch -> close.run() : batch -> {});
            RunOptions options = from == 2 ? PLAIN.withListener(progress -> close.run()) : PLAIN;
            List<Sample> samples = closing.sample(TWO, options);
            assertTrue(samples.stream().allMatch(sample -> sample.status() == Status.CANCELLED), "from " + from);
            assertTrue(memories.stream().allMatch(Memory::isFreed), "from " + from);
            assertThrows(IllegalStateException.class, () -> closing.sample(TWO));
        }
        before.set(0, () -> {});
        model.beforeCall(batch -> {});
        begin(new Sequential());
    }

    @Test
    void previewIntoTooFewValuesIsRefused() {
        begin(new Sequential());
        assertThrows(IllegalArgumentException.class, () -> sampler.sample(TWO,
                PLAIN.withListener(progress -> progress.preview(0, new float[DIM - 1]))));
        assertThrows(IndexOutOfBoundsException.class, () -> sampler.sample(TWO,
                PLAIN.withListener(progress -> progress.preview(2, new float[DIM]))));
        assertThrows(NullPointerException.class, () -> sampler.sample(TWO,
                PLAIN.withListener(progress -> progress.preview(0, null))));
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }
}
