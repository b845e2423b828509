package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.method.Runs;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Solver;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * IIA-EDM where the truth is known: on the exact score of a mixture of Gaussians in some dimensions, the ends of EDM's
 * grid of few steps against the ends of the flow itself, on seeds that no fit has seen.
 */
class HeunOnMixtureTest {
    private static final int DIM = 4;
    private static final int SEEDS = 64;
    private static final long FIRST_SEED = 77_000;
    private static final int FLOW_STEPS = 2000;
    private static final double SIGMA_MAX = 80;
    /** The flow is followed so far; below it, it goes straight. */
    private static final double SIGMA_MIN = 1e-4;

    private static final GaussianMixtureDenoiser MODEL = TestMixtures.mixture(DIM, 3);
    private static final List<double[]> TRUTH = new ArrayList<>();

    /** Runge and Kutta's fourth order in log sigma, dx / dlog sigma = sigma eps. */
    @BeforeAll
    static void followTheFlow() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            float[] noise = new float[DIM];
            new TorchRandom(seed).fillNormal(noise);
            double[] x = new double[DIM];
            for (int e = 0; e < DIM; e++) {
                x[e] = (float) (SIGMA_MAX * noise[e]);
            }
            double h = Math.log(SIGMA_MIN / SIGMA_MAX) / FLOW_STEPS;
            for (int i = 0; i < FLOW_STEPS; i++) {
                double at = Math.log(SIGMA_MAX) + i * h;
                double[] k1 = slope(x, at);
                double[] k2 = slope(plus(x, h / 2, k1), at + h / 2);
                double[] k3 = slope(plus(x, h / 2, k2), at + h / 2);
                double[] k4 = slope(plus(x, h, k3), at + h);
                for (int e = 0; e < DIM; e++) {
                    x[e] += h / 6 * (k1[e] + 2 * k2[e] + 2 * k3[e] + k4[e]);
                }
            }
            TRUTH.add(plus(x, -1, slope(x, Math.log(SIGMA_MIN))));
        }
    }

    private static double[] slope(double[] x, double logSigma) {
        double sigma = Math.exp(logSigma);
        double[] slope = TestMixtures.epsilon(TestMixtures.components(DIM, 3), x, new NoiseLevel(0, 1, sigma));
        return plus(new double[DIM], sigma, slope);
    }

    private static double[] plus(double[] x, double factor, double[] y) {
        double[] sum = new double[x.length];
        for (int e = 0; e < sum.length; e++) {
            sum[e] = x[e] + factor * y[e];
        }
        return sum;
    }

    private static TimeGrid grid(int steps) {
        return TimeGrid.edm(steps, 0.002, SIGMA_MAX, 7);
    }

    /** Root mean square over seeds and elements. */
    static double error(Solver solver, int steps) {
        List<Request> requests = LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS).mapToObj(Request::seed).toList();
        List<Sample> samples = new Runs(MODEL, grid(steps), solver).run(new Sequential(), requests);
        double squares = 0;
        for (int s = 0; s < SEEDS; s++) {
            for (int e = 0; e < DIM; e++) {
                double difference = samples.get(s).values()[e] - TRUTH.get(s)[e];
                squares += difference * difference / (SEEDS * DIM);
            }
        }
        return Math.sqrt(squares);
    }

    static Solver corrected(Correction correction, int steps) {
        return IiaFitter.builder(MODEL, grid(steps)).solver(new Heun()).corrections(correction).fit().solver(new Heun(),
                MODEL);
    }

    /** Nine, eleven and thirteen evaluations. */
    @ParameterizedTest
    @ValueSource(ints = {5, 6, 7})
    void residuesHalveTheErrorOfFewSteps(int steps) {
        double plain = error(new Heun(), steps);
        double corrected = error(corrected(Correction.by(CorrectionVectors.RESIDUES), steps), steps);
        assertTrue(corrected < 0.5 * plain, corrected + " of " + plain);
    }

    @Test
    void residuesDoNoHarmWhereThereIsLittleToCorrect() {
        double plain = error(new Heun(), 14);
        double corrected = error(corrected(Correction.by(CorrectionVectors.RESIDUES), 14), 14);
        assertTrue(corrected <= plain, corrected + " of " + plain);
    }

    /** The truth is the limit of the solver: 400 steps of second order leave nearly nothing. */
    @Test
    void manyStepsComeToTheFlowsEnd() {
        assertTrue(error(new Heun(), 400) < 2e-4, "error " + error(new Heun(), 400));
    }
}
