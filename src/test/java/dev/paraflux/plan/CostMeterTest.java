package dev.paraflux.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Cancellation;
import dev.paraflux.Request;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.device.Device;
import dev.paraflux.model.GaussianDenoiser;
import dev.paraflux.model.GaussianDenoiserTest;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostMeterTest {
    private static ModelCost measured(int steps) {
        TestDenoisers.Recording model = TestDenoisers.bent(12).beforeCall(PlannerTest.taking(20, 0));
        return new CostMeter(model, Device.cpu(), TestGrids.linear(steps), List.of(Request.seed(1).conditioning()),
                new Cancellation()).measure(8, 1e-9);
    }

    /** Two calls a size, and time for four more, of half as many as there are steps. */
    @Test
    void aSlowModelHasHalfASampleForIt() {
        assertEquals(List.of(1, 2, 4, 8), measured(50).points().stream().map(ModelCost.Point::rows).toList());
    }

    /** To the end of its work, not until it is enqueued. */
    @Test
    void aModelThatWorksOnTheDeviceIsMeasuredThere() {
        CountingDevice device = new CountingDevice(false);
        try (GaussianDenoiser model = GaussianDenoiserTest.model(12)) {
            new CostMeter(model, device, TestGrids.linear(2), List.of(Request.seed(1).conditioning()),
                    new Cancellation()).measure(2, 0.01);
            assertTrue(device.programs() >= 2);
            assertEquals(device.programs(), device.waits());
        }
    }

    @Test
    void whatThereIsNoTimeForIsNotMeasured() {
        ModelCost cost = measured(2);
        assertEquals(1, cost.points().size());
        assertTrue(cost.seconds(1) >= 0.02, cost.toString());
    }
}
