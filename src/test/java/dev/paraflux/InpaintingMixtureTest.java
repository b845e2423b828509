package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.model.GaussianMixtureDenoiser.Component;
import dev.paraflux.model.around.Inpainting;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.Solver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is painted follows the model, given what is known: of an exact mixture of two Gaussians far apart, an image that
 * is known to come from one of them is completed from that one, though the other is nine times as frequent.
 */
class InpaintingMixtureTest {
    private static final int DIM = 60;
    private static final int KNOWN = 48;
    private static final int SAMPLES = 200;
    private static final double DEVIATION = 0.2;
    private static final double[] MEANS = {-0.6, 0.5};

    static Stream<Arguments> runs() {
        return Stream.of(Arguments.of(new Ddim(), 0, 0.4), Arguments.of(new Ddim(), 1, 0.1),
                Arguments.of(new Ddpm(), 0, 0.1), Arguments.of(new Ddpm(), 1, 0.1));
    }

    /**
     * Conditioning by the known part is not exact: while noise hides which component it is, the painted part goes where
     * the model alone would send it. A deterministic solver keeps that start, fresh noise forgets it.
     *
     * @param shift how far from the component's mean the painted mean may be, in its standard deviations
     */
    @ParameterizedTest
    @MethodSource("runs")
    void whatIsPaintedIsOfTheComponentThatIsKnown(Solver solver, int component, double shift) {
        float[] image = new float[DIM];
        float[] mask = new float[DIM];
        Arrays.fill(image, (float) MEANS[component]);
        Arrays.fill(mask, KNOWN, DIM, 1);
        // What the image says where it is painted over must not matter.
        Arrays.fill(image, KNOWN, DIM, 1000);
        List<Request> requests = new ArrayList<>();
        for (int s = 0; s < SAMPLES; s++) {
            requests.add(Request.seed(s).withMask(image, mask));
        }
        double sum = 0;
        double squares = 0;
        int count = SAMPLES * (DIM - KNOWN);
        try (Inpainting painter = Inpainting.of(mixture());
                Sampler sampler = Sampler.builder(painter, TestGrids.linear(100)).solver(solver).build()) {
            for (Sample sample : sampler.sample(requests)) {
                for (int e = 0; e < DIM; e++) {
                    double value = sample.values()[e];
                    if (e < KNOWN) {
                        assertEquals(image[e], value, "known element " + e);
                    } else {
                        sum += value;
                        squares += Math.pow(value - MEANS[component], 2);
                    }
                }
            }
        }
        assertEquals(MEANS[component], sum / count, shift * DEVIATION);
        assertEquals(DEVIATION, Math.sqrt(squares / count), 0.15 * DEVIATION);
    }

    private static GaussianMixtureDenoiser mixture() {
        double[][] means = new double[2][DIM];
        Arrays.fill(means[0], MEANS[0]);
        Arrays.fill(means[1], MEANS[1]);
        return new GaussianMixtureDenoiser(new int[] {DIM},
                List.of(new Component(0.1, means[0], DEVIATION), new Component(0.9, means[1], DEVIATION)));
    }
}
