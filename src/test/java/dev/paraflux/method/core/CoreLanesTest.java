package dev.paraflux.method.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.method.Method;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cores of a sample lie side by side: the model reads and writes them in place, and nothing is gathered. */
class CoreLanesTest {
    static List<Method> methods() {
        return List.of(Srds.defaults(), Srds.defaults().withPipelined(false), Srds.defaults().withBlocks(5),
                Srds.defaults().withStop(StopRule.pixels(0)), Chords.ofCores(4), Chords.ofCores(8));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void modelWorksOnTheStartNoiseAndOnTheLanesAndOnNoCopy(Method method) {
        Set<Buffer> states = Collections.newSetFromMap(new IdentityHashMap<>());
        TestDenoisers.Recording model = TestDenoisers.bent(5);
        model.beforeCall(batch -> states.add(batch.states()));
        try (Sampler sampler = Sampler.builder(model, TestGrids.angles(100, 1.4)).method(method).build()) {
            sampler.sample(Request.seed(1).withLabel(1));
        }
        assertEquals(2, states.size(), "buffers that the model read from");
    }
}
