package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.CountingDevice;
import dev.paraflux.method.Method;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianDenoiser;
import dev.paraflux.model.GaussianDenoiserTest;
import dev.paraflux.model.around.ForwardingDenoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.ModelCopy;
import dev.paraflux.model.pretrained.SpreadDenoiser;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a round asks of the device: so many native calls and one wait, whatever the number of runs; one wait more, and two
 * copies a batch, where rows are not the host's and the model does not work there.
 */
class RoundCallsTest {
    /** Of programs of rows, windows, small systems and inner products. */
    private static final int CALLS = 4;

    private CountingDevice device = new CountingDevice();
    private Denoiser model = TestDenoisers.bent(RandomRequests.DIM);
    /** After each round, counted from before the next model call: native calls, waits. */
    private final List<int[]> rounds = new ArrayList<>();

    static List<Method> methods() {
        return RandomRequests.methods();
    }

    /** For the second time: in the first, memory for gathered rows has grown between two native calls. */
    private List<Sample> draw(List<Request> requests) {
        Denoiser counted = new ForwardingDenoiser(model) {
            @Override
            public void evaluate(Batch batch) {
                rounds.add(new int[] {device.calls(), device.waits()});
                device.reset();
                super.evaluate(batch);
            }
        };
        try (Sampler sampler = Sampler.builder(counted, TestGrids.linear(16)).device(device).maxBatch(10_000)
                .maxSamples(1000).build()) {
            sampler.sample(requests);
            rounds.clear();
            List<Sample> samples = sampler.sample(requests);
            rounds.add(new int[] {device.calls(), device.waits()});
            return samples;
        }
    }

    private void assertFewCalls(List<Sample> samples) {
        // Rows that travel to the model are waited for; one that works where they lie has calls of its own there.
        int waits = model.worksOn(device) ? 1 : 2;
        int own = model instanceof TestDenoisers.Recording ? 0 : 1;
        assertEquals(samples.stream().mapToInt(sample -> sample.stats().rounds()).max().orElseThrow() + 1,
                rounds.size());
        for (int r = 1; r < rounds.size(); r++) {
            int round = r;
            // Runs that leave hand over what they have: the rows that they wait for, and the copies.
            int leaving = samples.stream().anyMatch(sample -> sample.stats().rounds() == round) ? 1 : 0;
            int[] counts = rounds.get(r);
            String what = "round " + r + " of " + samples.size() + " samples: " + counts[0] + " calls, " + counts[1]
                    + " waits";
            assertTrue(counts[0] <= CALLS + leaving + own, what);
            assertTrue(counts[1] <= waits + leaving, what);
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

    /** The model's rows are computed where they lie, in the order of all others: one wait is for everything. */
    @ParameterizedTest
    @MethodSource("methods")
    void aModelThatWorksOnTheDeviceLeavesOneWait(Method method) {
        List<Request> requests = IntStream.range(0, 17).mapToObj(i -> Request.seed(i).withMethod(method)).toList();
        try (GaussianDenoiser exact = GaussianDenoiserTest.model(RandomRequests.DIM)) {
            model = exact;
            List<Sample> expected = draw(requests);
            assertFewCalls(expected);
            device = new CountingDevice(false);
            List<Sample> samples = draw(requests);
            assertFewCalls(samples);
            for (int i = 0; i < samples.size(); i++) {
                assertArrayEquals(expected.get(i).values(), samples.get(i).values(), "request " + i);
            }
        }
    }

    /** Rows go to another device and come back in the order of its queue, which has no wait at all. */
    @ParameterizedTest
    @MethodSource("methods")
    void soDoCopiesOnSeveralDevices(Method method) {
        List<Request> requests = IntStream.range(0, 17).mapToObj(i -> Request.seed(i).withMethod(method)).toList();
        CountingDevice other = new CountingDevice(false);
        try (GaussianDenoiser exact = GaussianDenoiserTest.model(RandomRequests.DIM)) {
            model = exact;
            List<Sample> expected = draw(requests);
            device = new CountingDevice(false);
            try (Denoiser spread = SpreadDenoiser.of(List.of(ModelCopy.of(exact, device),
                    ModelCopy.of(GaussianDenoiserTest.model(RandomRequests.DIM), other))).owning()) {
                model = spread;
                List<Sample> samples = draw(requests);
                assertFewCalls(samples);
                for (int i = 0; i < samples.size(); i++) {
                    assertArrayEquals(expected.get(i).values(), samples.get(i).values(), "request " + i);
                }
            }
        }
        assertTrue(other.programs() > 0);
        assertEquals(0, other.waits() + other.waitsForAll() + device.waitsForAll());
    }

    /** A model that leaves nothing out is not looked after: a round has no copy, fill or wait but the one at its end. */
    @Test
    void nothingIsMadeNotANumberForAModelThatWritesAll() throws Exception {
        device = new CountingDevice(false);
        try (GaussianDenoiser exact = GaussianDenoiserTest.model(RandomRequests.DIM);
                Guidance guided = Guidance.of(exact, 2)) {
            for (Denoiser trusted : List.of(exact, guided)) {
                assertEquals(0, copiesOfARound(trusted));
            }
            // Nobody knows what this one does: it is looked after, and what it is around is not.
            assertEquals(1, copiesOfARound(new ForwardingDenoiser(exact) {}));
        }
    }

    /** Of sequential sampling, by runs of two lengths. */
    private double copiesOfARound(Denoiser asked) {
        int[] copies = new int[2];
        for (int k = 0; k < 2; k++) {
            try (Sampler sampler = Sampler.builder(asked, TestGrids.linear(8 * (k + 1))).device(device).build()) {
                sampler.sample(Request.seed(1));
                device.reset();
                sampler.sample(Request.seed(1));
                copies[k] = device.copies();
            }
        }
        return (copies[1] - copies[0]) / 8.0;
    }

    /** Of a window's predictions, those at states under way are not measured: a round's rows are its updates and little more. */
    @Test
    void aRoundAsksOnlyFinalPredictionsWhetherTheyAreFinite() {
        int steps = 16;
        Denoiser counted = new ForwardingDenoiser(model) {
            @Override
            public void evaluate(Batch batch) {
                rounds.add(new int[] {device.programRows()});
                device.reset();
                super.evaluate(batch);
            }
        };
        try (Sampler sampler = Sampler.builder(counted, TestGrids.linear(steps)).method(ParaTaa.defaults())
                .device(device).build()) {
            sampler.sample(Request.seed(1));
        }
        assertTrue(rounds.size() > 3);
        for (int[] counts : rounds.subList(1, rounds.size())) {
            assertTrue(counts[0] > 0 && counts[0] <= steps + 1, counts[0] + " rows");
        }
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
