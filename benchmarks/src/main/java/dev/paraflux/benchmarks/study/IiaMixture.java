package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.iia.Correction;
import dev.paraflux.iia.CorrectionVectors;
import dev.paraflux.iia.IiaFitter;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.model.GaussianMixtureDenoiser.Component;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Solver;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Heun's error on the exact score of a mixture of three Gaussians in four dimensions, plain and corrected: a table of
 * docs/iia.md. The truth is Heun with 2000 steps.
 *
 * <pre>benchmarks/run study IiaMixture</pre>
 */
public final class IiaMixture {
    private static final int DIM = 4;
    private static final int[] STEPS = {3, 4, 5, 6, 7, 8, 10, 14, 18};
    private static final int TRUE_STEPS = 2000;
    private static final int SEEDS = 64;
    private static final long TEST_SEED = 77_000;

    private IiaMixture() {}

    /** @param arguments none */
    public static void main(String[] arguments) {
        List<Correction> corrections = List.of(new Correction(CorrectionVectors.SLOPES, 0),
                new Correction(CorrectionVectors.SLOPES, 1), new Correction(CorrectionVectors.RESIDUES, 0),
                new Correction(CorrectionVectors.RESIDUES, 1), new Correction(CorrectionVectors.EVALUATIONS, 1));
        System.out.println("| evaluations | Heun | " + String.join(" | ", corrections.stream()
                .map(Correction::toString).toList()) + " |");
        try (GaussianMixtureDenoiser model = mixture()) {
            List<float[]> truth = draw(model, TRUE_STEPS, new Heun());
            for (int steps : STEPS) {
                StringBuilder line = new StringBuilder("| " + (2 * steps - 1));
                line.append(String.format(" | %.4f", IiaRatios.difference(draw(model, steps, new Heun()), truth)));
                for (Correction correction : corrections) {
                    Solver corrected = IiaFitter.builder(model, grid(steps)).solver(new Heun())
                            .corrections(correction).fit().solver(new Heun(), model);
                    line.append(String.format(" | %.4f", IiaRatios.difference(draw(model, steps, corrected), truth)));
                }
                System.out.println(line + " |");
            }
        }
    }

    /** Of a standard deviation near 0.5, as pictures have. */
    private static GaussianMixtureDenoiser mixture() {
        Random random = new Random(127);
        List<Component> components = new ArrayList<>();
        for (int k = 0; k < 3; k++) {
            double[] mean = random.doubles(DIM, -1, 1).map(value -> 0.75 * value).toArray();
            components.add(new Component(1 + k, mean, 0.15 + 0.1 * k));
        }
        return new GaussianMixtureDenoiser(new int[] {DIM}, components);
    }

    private static TimeGrid grid(int steps) {
        return TimeGrid.edm(steps, 0.002, 80, 7);
    }

    private static List<float[]> draw(GaussianMixtureDenoiser model, int steps, Solver solver) {
        try (Sampler sampler = Sampler.builder(model, grid(steps)).solver(solver).build()) {
            return sampler.sample(LongStream.range(TEST_SEED, TEST_SEED + SEEDS).mapToObj(Request::seed).toList())
                    .stream().map(Sample::values).toList();
        }
    }
}
