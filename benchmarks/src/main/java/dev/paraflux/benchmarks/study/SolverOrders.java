package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Error against evaluations on the exact score of a mixture of Gaussians, for some deterministic solvers of each order: the plot
 * of docs/solvers.md. Steps uniform in lambda = log(alpha / sigma) from -2.5 to 2; the truth is Heun with 4000 of them.
 *
 * <pre>benchmarks/run study SolverOrders docs/pictures/orders.png</pre>
 */
public final class SolverOrders {
    private static final int[] STEPS = {8, 12, 16, 24, 32, 48, 64, 96, 128, 192};
    private static final List<String> DRAWN = List.of("DDIM, Euler, DPM-Solver++ (1)", "Heun", "DPM-Solver++ (2M)",
            "DPM-Solver++ (3M)", "UniPC (2)", "DEIS (2)");
    private static final int TRUE_STEPS = 4000;
    private static final int SAMPLES = 64;

    private SolverOrders() {}

    /** @param arguments where to draw the plot */
    public static void main(String[] arguments) throws IOException {
        StudyPlot plot = new StudyPlot("Error on a Gaussian mixture's exact score", "evaluations", 1000, true);
        try (GaussianMixtureDenoiser mixture = mixture()) {
            List<float[]> truth = samples(mixture, new Heun(), TRUE_STEPS, new int[1]);
            for (String name : DRAWN) {
                Solver solver = Solvers.deterministic().get(name);
                double[] evaluations = new double[STEPS.length];
                double[] errors = new double[STEPS.length];
                for (int i = 0; i < STEPS.length; i++) {
                    int[] asked = new int[1];
                    errors[i] = distance(samples(mixture, solver, STEPS[i], asked), truth);
                    evaluations[i] = asked[0];
                }
                plot.add(name, evaluations, errors);
            }
        }
        plot.write(arguments[0]);
    }

    private static GaussianMixtureDenoiser mixture() {
        return new GaussianMixtureDenoiser(new int[] {2},
                List.of(new GaussianMixtureDenoiser.Component(0.5, new double[] {-1, 0.5}, 0.3),
                        new GaussianMixtureDenoiser.Component(0.5, new double[] {0.8, -0.4}, 0.5)));
    }

    private static TimeGrid grid(int steps) {
        List<NoiseLevel> levels = new ArrayList<>();
        for (int i = 0; i <= steps; i++) {
            double lambda = -2.5 + 4.5 * i / steps;
            levels.add(NoiseLevel.ofAlphaBar(steps - i, 1 / (1 + Math.exp(-2 * lambda))));
        }
        return new TimeGrid(levels);
    }

    private static List<float[]> samples(GaussianMixtureDenoiser mixture, Solver solver, int steps, int[] evaluations) {
        try (Sampler sampler = Sampler.builder(mixture, grid(steps)).solver(solver).build()) {
            List<Sample> samples = sampler.sample(IntStream.range(0, SAMPLES).mapToObj(Request::seed).toList());
            evaluations[0] = samples.get(0).stats().evaluations();
            return samples.stream().map(Sample::values).toList();
        }
    }

    private static double distance(List<float[]> samples, List<float[]> truth) {
        double squares = 0;
        for (int s = 0; s < SAMPLES; s++) {
            for (int e = 0; e < 2; e++) {
                double difference = (double) samples.get(s)[e] - truth.get(s)[e];
                squares += difference * difference;
            }
        }
        return Math.sqrt(squares / (2 * SAMPLES));
    }
}
