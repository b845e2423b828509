package dev.paraflux.benchmarks.study;

import dev.paraflux.Request;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.UniPc;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** What {@link SparseRounds} solves: digits of the demo model, and exact mixtures of ten Gaussians in 64 dimensions. */
final class SparseProblems implements AutoCloseable {
    private static final int[] CHOICE = {1, 7, 4, 2};
    private static final int[] REPORT = {0, 3, 8, 6};

    private final PretrainedDenoiser digits = DemoModel.load();
    private final Denoiser mixture;
    private final boolean choose;
    private final List<Problem> all = new ArrayList<>();

    /**
     * One problem.
     *
     * @param requests one run each
     */
    record Problem(String name, Denoiser model, TimeGrid grid, Solver solver, double guidance, List<Request> requests) {
        int rows() {
            return solver.system(grid, model.prediction()).rows();
        }
    }

    /** @param choose whether it is for choosing constants, or for reporting what they do */
    SparseProblems(boolean choose) {
        this.choose = choose;
        mixture = mixture(choose ? 7 : 70);
        for (int steps : new int[] {10, 25, 50, 100, 200}) {
            digits(steps, 5, new Ddim(), "DDIM", 4);
        }
        digits(100, 1, new Ddim(), "DDIM", 4);
        digits(100, 5, new Ddim(1), "eta = 1", 4);
        digits(100, 5, new DpmSolverPlusPlus(2), "DPM-Solver++(2M)", 4);
        digits(100, 5, new UniPc(2), "UniPC", 4);
        for (double guidance : new double[] {1, 3}) {
            mixture(100, guidance, new Ddim(), "DDIM", 6);
            mixture(1000, guidance, new Ddim(), "DDIM", 3);
        }
        mixture(100, 3, new Ddim(1), "eta = 1", 6);
        digits(1000, 5, new Ddim(), "DDIM", 4);
        digits(1000, 2, new Ddim(1), "eta = 1", 2);
    }

    List<Problem> all() {
        return all;
    }

    private void digits(int steps, double guidance, Solver solver, String name, int runs) {
        int[] labels = choose ? CHOICE : REPORT;
        all.add(new Problem("digits, " + name + ", N = " + steps + ", guidance " + words(guidance), digits,
                digits.card().scheduler().grid(steps), solver, guidance, IntStream.range(0, runs)
                        .mapToObj(s -> Request.seed((choose ? 500 : 40) + s).withLabel(labels[s])).toList()));
    }

    private void mixture(int steps, double guidance, Solver solver, String name, int runs) {
        all.add(new Problem("mixture, " + name + ", N = " + steps + ", guidance " + words(guidance), mixture,
                digits.card().scheduler().grid(steps), solver, guidance, IntStream.range(0, runs)
                        .mapToObj(s -> Request.seed((choose ? 600 : 60) + s).withLabel(s)).toList()));
    }

    private static String words(double guidance) {
        return String.valueOf((int) guidance);
    }

    /** Ten Gaussians in 64 dimensions, far from each other. */
    static GaussianMixtureDenoiser mixture(long seed) {
        Random random = new Random(seed);
        return new GaussianMixtureDenoiser(new int[] {64}, IntStream.range(0, 10)
                .mapToObj(k -> new GaussianMixtureDenoiser.Component(1,
                        random.doubles(64).map(u -> 0.9 * random.nextGaussian()).toArray(), 0.15))
                .toList());
    }

    @Override
    public void close() {
        digits.close();
        mixture.close();
    }
}
