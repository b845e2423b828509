package dev.paraflux.stress;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TimeGrid;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Whole samplers, of which two threads want something at the same time. */
public final class SamplerStress {
    private static final TimeGrid GRID = TimeGrid.of(NoiseSchedule.linear(1000, 1e-4, 0.02), 3, Spacing.TRAILING, 0,
            FinalAlpha.ONE);
    private static final Request REQUEST = Request.seed(1).withStart(new float[] {1, -1});

    private SamplerStress() {}

    private static final class Halving implements Denoiser {
        private final float[] row = new float[2];

        @Override
        public int[] shape() {
            return new int[] {2};
        }

        @Override
        public Prediction prediction() {
            return Prediction.EPSILON;
        }

        @Override
        public void requireLegal(Condition condition) {}

        @Override
        public void evaluate(Batch batch) {
            for (int i = 0; i < batch.size(); i++) {
                batch.states().read(batch.stateRow(i), row);
                row[0] /= 2;
                row[1] /= 2;
                batch.predictions().write(batch.predictionRow(i), row);
            }
        }
    }

    static class Sampled {
        private static final long PATIENCE_SECONDS = 20;

        final Sampler sampler = Sampler.builder(new Halving(), GRID).maxSamples(1).build();

        final Object draw() {
            try {
                return sampler.sample(REQUEST).status();
            } catch (IllegalStateException e) {
                return e.getMessage();
            }
        }

        final Object begin(boolean cancels) {
            try {
                CompletableFuture<Status> future = sampler.sampleAsync(REQUEST).thenApply(sample -> sample.status());
                if (cancels) {
                    future.cancel(false);
                }
                return future.isCancelled() ? Status.CANCELLED : future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (IllegalStateException e) {
                return e.getMessage();
            } catch (TimeoutException e) {
                return "LOST";
            } catch (Exception e) {
                return e;
            }
        }
    }

    /** Both lead, one after the other, or one for both. */
    @JCStressTest
    @Outcome(id = "COMPLETED, COMPLETED", expect = Expect.ACCEPTABLE, desc = "both are done")
    @Outcome(expect = Expect.FORBIDDEN, desc = "anything else")
    @State
    public static class TwoCallers extends Sampled {
        @Actor
        public void one(LL_Result r) {
            r.r1 = draw();
        }

        @Actor
        public void other(LL_Result r) {
            r.r2 = draw();
        }

        @Arbiter
        public void end(LL_Result r) {
            sampler.close();
        }
    }

    /** A caller leads, and a worker. */
    @JCStressTest
    @Outcome(id = "COMPLETED, COMPLETED", expect = Expect.ACCEPTABLE, desc = "both are done")
    @Outcome(expect = Expect.FORBIDDEN, desc = "anything else")
    @State
    public static class CallerAndFuture extends Sampled {
        @Actor
        public void one(LL_Result r) {
            r.r1 = draw();
        }

        @Actor
        public void other(LL_Result r) {
            r.r2 = begin(false);
        }

        @Arbiter
        public void end(LL_Result r) {
            sampler.close();
        }
    }

    /** One gives up. */
    @JCStressTest
    @Outcome(id = "COMPLETED, CANCELLED", expect = Expect.ACCEPTABLE, desc = "given up in time")
    @Outcome(id = "COMPLETED, COMPLETED", expect = Expect.ACCEPTABLE, desc = "done before")
    @Outcome(expect = Expect.FORBIDDEN, desc = "anything else")
    @State
    public static class CallerAndGivenUp extends Sampled {
        @Actor
        public void one(LL_Result r) {
            r.r1 = draw();
        }

        @Actor
        public void other(LL_Result r) {
            r.r2 = begin(true);
        }

        @Arbiter
        public void end(LL_Result r) {
            sampler.close();
        }
    }

    /** The sampler is closed meanwhile. */
    @JCStressTest
    @Outcome(id = {"COMPLETED, closed", "CANCELLED, closed"}, expect = Expect.ACCEPTABLE, desc = "done, or ended")
    @Outcome(id = "Sampler is closed, closed", expect = Expect.ACCEPTABLE, desc = "refused")
    @Outcome(expect = Expect.FORBIDDEN, desc = "anything else")
    @State
    public static class CallerAndClose extends Sampled {
        @Actor
        public void one(LL_Result r) {
            r.r1 = draw();
        }

        @Actor
        public void closes(LL_Result r) {
            sampler.close();
            r.r2 = "closed";
        }
    }

    /** The same of a call that nobody waits for. */
    @JCStressTest
    @Outcome(id = {"COMPLETED, closed", "CANCELLED, closed"}, expect = Expect.ACCEPTABLE, desc = "done, or ended")
    @Outcome(id = "Sampler is closed, closed", expect = Expect.ACCEPTABLE, desc = "refused")
    @Outcome(expect = Expect.FORBIDDEN, desc = "anything else")
    @State
    public static class FutureAndClose extends Sampled {
        @Actor
        public void one(LL_Result r) {
            r.r1 = begin(false);
        }

        @Actor
        public void closes(LL_Result r) {
            sampler.close();
            r.r2 = "closed";
        }
    }
}
