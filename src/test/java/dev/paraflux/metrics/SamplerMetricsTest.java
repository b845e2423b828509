package dev.paraflux.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.JavaProcess;
import dev.paraflux.Load;
import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sampler;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SamplerMetricsTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void theMetersTellWhatTheSamplerHasDoneAndHasToDo() {
        List<Double> running = new ArrayList<>();
        List<Double> waiting = new ArrayList<>();
        try (Sampler sampler = Sampler.builder(TestDenoisers.bent(8), TestGrids.linear(6)).maxSamples(2).build()) {
            new SamplerMetrics(sampler, Tags.of("model", "bent")).bindTo(registry);
            assertEquals(0, gauge("paraflux.samples.running"));
            sampler.sample(List.of(Request.seed(1), Request.seed(2), Request.seed(3)),
                    RunOptions.defaults().withListener(progress -> {
                        running.add(gauge("paraflux.samples.running"));
                        waiting.add(gauge("paraflux.samples.waiting"));
                    }));
            Load load = sampler.load();
            assertEquals(12, load.rounds());
            assertEquals(12, registry.get("paraflux.rounds").tag("model", "bent").functionCounter().count());
            assertEquals(18, registry.get("paraflux.evaluations").functionCounter().count());
            assertEquals(12, registry.get("paraflux.model.calls").functionTimer().count());
            assertEquals(load.modelSeconds(),
                    registry.get("paraflux.model.calls").functionTimer().totalTime(TimeUnit.SECONDS), 1e-9);
            assertTrue(load.modelSeconds() > 0);
        }
        assertEquals(List.of(2.0, 1.0), List.of(running.get(0), running.get(8)));
        assertEquals(List.of(1.0, 0.0), List.of(waiting.get(0), waiting.get(8)));
        assertEquals(0, gauge("paraflux.samples.running"));
    }

    @Test
    void samplersAreToldApartByTheirTags() {
        try (Sampler one = Sampler.builder(TestDenoisers.bent(8), TestGrids.linear(6)).build();
                Sampler other = Sampler.builder(TestDenoisers.bent(8), TestGrids.linear(3)).build()) {
            new SamplerMetrics(one, Tags.of("model", "a")).bindTo(registry);
            new SamplerMetrics(other, Tags.of("model", "b")).bindTo(registry);
            one.sample(Request.seed(1));
            other.sample(Request.seed(1));
        }
        assertEquals(6, registry.get("paraflux.rounds").tag("model", "a").functionCounter().count());
        assertEquals(3, registry.get("paraflux.rounds").tag("model", "b").functionCounter().count());
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    /** In a virtual machine of its own. */
    static final class Draw {
        private Draw() {}

        public static void main(String[] arguments) {
            try (Sampler sampler = Sampler.builder(TestDenoisers.bent(8), TestGrids.linear(6)).build()) {
                sampler.sample(Request.seed(1));
                System.out.println(sampler.load().rounds());
            }
        }
    }

    @Test
    void nobodyElseMissesMicrometer() throws Exception {
        assertEquals(List.of("6"), new JavaProcess().without("micrometer").run(0, Draw.class));
    }
}
