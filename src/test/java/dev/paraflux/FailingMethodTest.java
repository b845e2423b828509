package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.RowProgram;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Round;
import dev.paraflux.method.Solve;
import dev.paraflux.method.Work;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.solver.TriangularSystem;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A method of one's own that fails, in the middle of what it writes, fails its own call. */
@Timeout(60)
class FailingMethodTest {
    private static final int STEPS = 9;

    private final TestDenoisers.Recording model = TestDenoisers.bent(20);
    private final RuntimeException failure = new ArithmeticException("the method's");

    /** Where it fails, in its third round. */
    enum Where {
        REQUEST, COMPUTE, JUDGE, ADVANCE
    }

    /** A sequential method that writes half a row, and fails. */
    private class Failing implements Method {
        private final Method inner = new Sequential();
        private final Where where;

        Failing(Where where) {
            this.where = where;
        }

        Solve failing(Solve solve) {
            return new FailingSolve(solve, where);
        }

        @Override
        public int mostRows(TriangularSystem system) {
            return inner.mostRows(system);
        }

        @Override
        public Workspace allocate(Problem problem) {
            Workspace memory = inner.allocate(problem);
            return new Workspace() {
                @Override
                public Solve solve(int sample) {
                    return failing(memory.solve(sample));
                }

                @Override
                public long bytes() {
                    return memory.bytes();
                }

                @Override
                public void close() {
                    memory.close();
                }
            };
        }
    }

    private class FailingSolve implements Solve {
        private final Solve inner;
        private final Where where;
        private int rounds;

        FailingSolve(Solve inner, Where where) {
            this.inner = inner;
            this.where = where;
        }

        @Override
        public void restart(Work work, double rounding) {
            inner.restart(work, rounding);
        }

        @Override
        public void request(Round round) {
            rounds++;
            inner.request(round);
            fail(Where.REQUEST);
        }

        @Override
        public void compute(Work work) {
            int rows = work.rows().rows();
            int windows = work.windows().windows();
            work.rows().into(result(), resultRow());
            work.windows().begin(1, 0, null, 0);
            fail(Where.COMPUTE);
            work.rows().truncate(rows);
            work.windows().truncate(windows);
            inner.compute(work);
        }

        @Override
        public void judge(Work work) {
            fail(Where.JUDGE);
        }

        @Override
        public void advance(RowProgram rows) {
            int before = rows.rows();
            rows.into(result(), resultRow());
            fail(Where.ADVANCE);
            rows.truncate(before);
        }

        private void fail(Where at) {
            if (where == at && rounds == 3) {
                throw failure;
            }
        }

        @Override
        public boolean finished() {
            return inner.finished();
        }

        @Override
        public int finalRows() {
            return inner.finalRows();
        }

        @Override
        public Buffer result() {
            return inner.result();
        }

        @Override
        public int resultRow() {
            return inner.resultRow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void othersGoOn(Where where) {
        Gate gate = new Gate();
        List<Request> others = List.of(Request.seed(1), Request.seed(2).withMethod(ParaTaa.defaults()),
                Request.seed(3).withMethod(Srds.defaults()));
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).build()) {
            List<float[]> expected = others.stream().map(request -> sampler.sample(request).values()).toList();
            int before = model.calls();
            model.beforeCall(batch -> {
                if (model.calls() == before + 1) {
                    gate.pass();
                }
            });
            CompletableFuture<Sample> first = sampler.sampleAsync(Request.seed(9));
            gate.awaitRun();
            CompletableFuture<Sample> failing = sampler.sampleAsync(Request.seed(4).withMethod(new Failing(where)));
            List<CompletableFuture<Sample>> going = others.stream().map(sampler::sampleAsync).toList();
            gate.open();
            assertSame(failure, assertThrows(CompletionException.class, failing::join).getCause());
            for (int i = 0; i < others.size(); i++) {
                assertArrayEquals(expected.get(i), going.get(i).join().values());
            }
            first.join();
        }
    }

    /** It would go round for ever: what a run is to do in every round it must be seen to do. */
    @Test
    void aMethodThatNamesNoRowFails() {
        class Idle extends Failing {
            Idle() {
                super(null);
            }

            @Override
            Solve failing(Solve solve) {
                return new FailingSolve(solve, null) {
                    @Override
                    public void request(Round round) {
                        if (solve.finalRows() < 4) {
                            super.request(round);
                        }
                    }

                    @Override
                    public void judge(Work work) {
                        solve.judge(work);
                    }
                };
            }

            @Override
            public String toString() {
                return "Idle";
            }
        }
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(STEPS)).build()) {
            Request request = Request.seed(1);
            float[] expected = sampler.sample(request).values();
            assertEquals(
                    "the method named no row to evaluate in rounds 5 and 6, and is not finished: it would go on"
                            + " for ever; the method is Idle",
                    assertThrows(IllegalStateException.class, () -> sampler.sample(request.withMethod(new Idle())))
                            .getMessage());
            assertArrayEquals(expected, sampler.sample(request).values());
        }
    }
}
