package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Heun;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The first state that a model sees, without an image: the noise itself, or on other grids as large as their sigma. */
class StartRowTest {
    private static final float[] NOISE = {0.5f, -1.25f, 3e-7f};

    private static float[] firstState(TimeGrid grid) {
        float[] state = new float[3];
        TestDenoisers.Recording model = TestDenoisers.bent(3);
        model.beforeCall(batch -> {
            if (model.calls() == 1) {
                batch.states().read(batch.stateRow(0), state);
            }
        });
        try (Sampler sampler = Sampler.builder(model, grid).build()) {
            sampler.sample(Request.seed(1).withStart(NOISE));
        }
        return state;
    }

    static List<TimeGrid> variancePreserving() {
        return List.of(TestGrids.linear(7), TestGrids.angles(7, 1.2), TestGrids.linear(7).from(3));
    }

    @ParameterizedTest
    @MethodSource("variancePreserving")
    void variancePreservingGridsBeginWithTheNoiseToTheBit(TimeGrid grid) {
        assertArrayEquals(NOISE, firstState(grid));
    }

    @Test
    void gridsOfSigmasBeginWithSigmaTimesTheNoise() {
        assertArrayEquals(new float[] {40, -100, 80 * 3e-7f}, firstState(TimeGrid.edm(5, 0.002, 80, 7)), 1e-5f);
        TimeGrid halved = new TimeGrid(List.of(new NoiseLevel(2, 0.25, 0.5), new NoiseLevel(1, 1, 0.1)));
        assertArrayEquals(new float[] {0.25f, -0.625f, 1.5e-7f}, firstState(halved), 1e-7f);
    }

    /** With the noise as it is the samples would all be near the mean. */
    @Test
    void samplesOnAGridOfSigmasAreSpreadAsTheData() {
        var data = new GaussianMixtureDenoiser.Component(1, new double[] {0.5}, 0.3);
        List<Sample> samples;
        try (var model = new GaussianMixtureDenoiser(new int[] {1}, List.of(data));
                Sampler sampler = Sampler.builder(model, TimeGrid.edm(40, 0.002, 80, 7)).solver(new Heun()).build()) {
            samples = sampler.sample(IntStream.range(0, 2000).mapToObj(Request::seed).toList());
        }
        double mean = samples.stream().mapToDouble(sample -> sample.values()[0]).average().orElseThrow();
        double variance = samples.stream().mapToDouble(sample -> Math.pow(sample.values()[0] - mean, 2)).average()
                .orElseThrow();
        assertEquals(0.5, mean, 0.03);
        assertEquals(0.3, Math.sqrt(variance), 0.02);
    }
}
