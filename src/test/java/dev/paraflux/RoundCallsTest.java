package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.CountingDevice;
import dev.paraflux.method.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a round asks of the device: so many native calls and one wait, whatever the number of runs; one wait more, and two
 * copies a batch, where rows are not the host's.
 */
class RoundCallsTest {
    /** Of programs of rows, windows, small systems and inner products. */
    private static final int CALLS = 4;

    private CountingDevice device = new CountingDevice();
    private final TestDenoisers.Recording model = TestDenoisers.bent(RandomRequests.DIM);
    /** After each round, counted from before the next model call: native calls, waits. */
    private final List<int[]> rounds = new ArrayList<>();

    static List<Method> methods() {
        return RandomRequests.methods();
    }

    /** For the second time: in the first, memory for gathered rows has grown between two native calls. */
    private List<Sample> draw(List<Request> requests) {
        model.beforeCall(batch -> {});
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(16)).device(device).maxBatch(10_000)
                .maxSamples(1000).build()) {
            sampler.sample(requests);
            rounds.clear();
            model.batchSizes().clear();
            model.beforeCall(batch -> {
                rounds.add(new int[] {device.calls(), device.waits()});
                device.reset();
            });
            List<Sample> samples = sampler.sample(requests);
            rounds.add(new int[] {device.calls(), device.waits()});
            return samples;
        }
    }

    private void assertFewCalls(List<Sample> samples) {
        assertEquals(model.calls() + 1, rounds.size());
        for (int r = 1; r < rounds.size(); r++) {
            int round = r;
            // Runs that leave hand over what they have: the rows that they wait for, and the copies.
            int leaving = samples.stream().anyMatch(sample -> sample.stats().rounds() == round) ? 1 : 0;
            int[] counts = rounds.get(r);
            String what = "round " + r + " of " + samples.size() + " samples: " + counts[0] + " calls, " + counts[1]
                    + " waits";
            assertTrue(counts[0] <= CALLS + leaving, what);
            assertTrue(counts[1] <= (device.isHost() ? 1 : 2) + leaving, what);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aRoundOfOneMethodIsAFewCallsHoweverManySamples(Method method) {
        for (int samples : new int[] {1, 2, 17, 200}) {
            assertFewCalls(
                    draw(IntStream.range(0, samples).mapToObj(i -> Request.seed(i).withMethod(method)).toList()));
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void rowsThatAreNotTheHostsTravelInTwoCopiesAndAWait(Method method) {
        List<Request> requests = IntStream.range(0, 17).mapToObj(i -> Request.seed(i).withMethod(method)).toList();
        List<Sample> expected = draw(requests);
        device = new CountingDevice(false);
        List<Sample> samples = draw(requests);
        assertFewCalls(samples);
        for (int i = 0; i < samples.size(); i++) {
            assertArrayEquals(expected.get(i).values(), samples.get(i).values(), "request " + i);
        }
        assertTrue(device.copies() > 0);
    }

    /** All methods, solvers and grids at once. */
    @Test
    void aRoundOfAllMethodsIsAFewCalls() {
        RandomRequests requests = new RandomRequests(5);
        List<Request> mix = IntStream.range(0, 300).mapToObj(i -> requests.next())
                .filter(request -> request.conditioning().mask() == null && request.conditioning().guidance() == null)
                .toList();
        assertTrue(mix.size() > 100);
        assertFewCalls(draw(mix));
    }
}
