package dev.paraflux.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Cancellation;
import dev.paraflux.TestGrids;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianDenoiser;
import dev.paraflux.model.around.ForwardingDenoiser;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** On a stand-in for a device. */
class TrialsOnDeviceTest {
    private static final int DIM = 12;
    private static final int STEPS = 60;

    /** Counts its calls; it works where rows are, or on the host. */
    private static final class Counted extends ForwardingDenoiser {
        private final boolean anywhere;
        private Runnable beforeCall = () -> {};
        private int calls;

        Counted(boolean anywhere) {
            super(new GaussianDenoiser(new int[] {DIM}, 0.3, new float[DIM], List.of()));
            this.anywhere = anywhere;
        }

        @Override
        public boolean worksOn(Device device) {
            return anywhere || device.isHost();
        }

        @Override
        public void evaluate(Batch batch) {
            calls++;
            beforeCall.run();
            super.evaluate(batch);
        }

        @Override
        public void close() {
            model.close();
        }
    }

    private static Planner.Builder planner(Denoiser model) {
        return Planner.builder(model, TestGrids.linear(STEPS));
    }

    /** Models of a device may make graphs of calls that come again; of the host they do not, wherever rows are. */
    @Test
    void methodsAreDrawnSeveralTimesWhereTheModelIsOnADevice() {
        ModelCost cost = new ModelCost(List.of(new ModelCost.Point(1, 1, 0)));
        for (boolean anywhere : new boolean[] {false, true}) {
            try (Counted model = new Counted(anywhere);
                    Trials trials = new Trials(planner(model).device(new CountingDevice(false)), cost,
                            new Cancellation())) {
                trials.of(Candidate.of("sequential"), Long.MAX_VALUE, Double.POSITIVE_INFINITY);
                int drawn = (anywhere ? 3 : 1) * 2 * STEPS;
                assertEquals(drawn, model.calls, "of two requests");
                Forecast forecast = trials.of(Candidate.of("picard"), Long.MAX_VALUE, STEPS / 6.0);
                assertEquals("slower than 3 times the best", forecast.excluded());
                assertEquals(drawn + 1, model.calls, "hopeless ones not once");
            }
        }
    }

    @Test
    void aCancellationEndsAnyOfTheRunsOnADevice() {
        ModelCost cost = new ModelCost(List.of(new ModelCost.Point(1, 1, 0)));
        for (int run = 0; run < 3; run++) {
            int call = run * STEPS + STEPS / 2;
            Cancellation cancellation = new Cancellation();
            try (Counted model = new Counted(true);
                    Trials trials = new Trials(planner(model).device(new CountingDevice(false)), cost,
                            cancellation)) {
                model.beforeCall = () -> {
                    if (model.calls == call) {
                        cancellation.cancel();
                    }
                };
                assertThrows(CancellationException.class,
                        () -> trials.of(Candidate.of("sequential"), Long.MAX_VALUE, Double.POSITIVE_INFINITY));
                assertTrue(model.calls < call + 3, model.calls + " calls");
            }
        }
    }
}
