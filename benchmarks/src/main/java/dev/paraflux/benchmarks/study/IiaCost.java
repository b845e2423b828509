package dev.paraflux.benchmarks.study;

import dev.paraflux.demo.DemoModel;
import dev.paraflux.iia.IiaCoefficients;
import dev.paraflux.iia.IiaFitter;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.ForwardingDenoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.PretrainedDenoiser;

/**
 * What fitting costs beside the model: DDIM in 10 steps on the demo model, with the fitter's own settings otherwise.
 *
 * <pre>benchmarks/run study IiaCost</pre>
 */
public final class IiaCost {
    private static final int STEPS = 10;
    private static final double NANOS = 1e9;

    private IiaCost() {}

    /** A model that counts its rows and the time they take. */
    private static final class Timed extends ForwardingDenoiser {
        private long nanos;
        private long rows;

        Timed(Denoiser model) {
            super(model);
        }

        @Override
        public void evaluate(Batch batch) {
            long start = System.nanoTime();
            super.evaluate(batch);
            nanos += System.nanoTime() - start;
            rows += batch.size();
        }
    }

    /** @param arguments none */
    public static void main(String[] arguments) {
        try (PretrainedDenoiser model = DemoModel.load(); Guidance guided = Guidance.of(model, 1)) {
            Timed timed = new Timed(guided);
            // The batches of a fit are warmed up by the first one.
            for (int run = 0; run < 2; run++) {
                timed.nanos = 0;
                timed.rows = 0;
                long start = System.nanoTime();
                IiaCoefficients fitted = IiaFitter.builder(timed, model.card().scheduler().grid(STEPS))
                        .conditions(IiaRatios.labels()).fit();
                double seconds = (System.nanoTime() - start) / NANOS;
                System.out.printf(
                        "%d evaluations, %.1f s, of these %.1f s in the model: %.3f times its time; ratio %.2f%n",
                        timed.rows, seconds, timed.nanos / NANOS, seconds * NANOS / timed.nanos, fitted.ratio());
            }
        }
    }
}
