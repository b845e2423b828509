package dev.paraflux.model.around;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.Afterwards;
import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.TestDenoisers;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.model.GaussianMixtureDenoiserTest;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.Predictions;
import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoisePath;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.SigmaSpacing;
import dev.paraflux.schedule.TimeGrid;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LevelAdapterTest extends LabelledContract {
    private static final int DIM = 16;
    private static final int STEPS = 20;
    private static final NoiseSchedule SCHEDULE = NoiseSchedule.scaledLinear(1000, 0.00085, 0.012);
    private static final NoisePath SIGMAS = NoisePath.varianceExploding(sigma -> 100 * sigma);
    private static final NoisePath FLOW = NoisePath.flow(1000);

    @Override
    protected Denoiser open() {
        return new LevelAdapter(TestDenoisers.gaussian(DIM, 0.2, 0.5, Prediction.VELOCITY), FLOW);
    }

    /** The same ratios on both paths: DDIM's rows differ in scale alone. */
    @ParameterizedTest
    @EnumSource
    void modelOfAScheduleRunsOnAGridOfSigmas(Prediction prediction) {
        assertSameSample(prediction, SCHEDULE, SIGMAS);
    }

    @ParameterizedTest
    @EnumSource
    void modelOfSigmasRunsOnTheGridOfASchedule(Prediction prediction) {
        assertSameSample(prediction, SIGMAS, SCHEDULE);
    }

    @ParameterizedTest
    @EnumSource
    void modelsOfFlowMatchingRunElsewhereAndOthersOnItsGrid(Prediction prediction) {
        assertSameSample(prediction, FLOW, SCHEDULE);
        assertSameSample(prediction, SIGMAS, FLOW);
    }

    private static void assertSameSample(Prediction prediction, NoisePath modelPath, NoisePath gridPath) {
        TimeGrid home = grid(modelPath);
        TimeGrid away = grid(gridPath);
        TestDenoisers.Recording model = model(prediction);
        float[] start = Predictions.rows(1, DIM, 1)[0];
        float[] expected = sample(model, home, start);
        List<NoiseLevel> seenAtHome = List.copyOf(model.levels());
        model.levels().clear();
        float[] scaled = start.clone();
        for (int e = 0; e < DIM; e++) {
            scaled[e] *= (float) (away.level(0).alpha() / home.level(0).alpha());
        }
        assertArrayEquals(expected, sample(Afterwards.close(new LevelAdapter(model, modelPath)), away, scaled), 1e-5f);
        for (int row = 0; row < STEPS; row++) {
            NoiseLevel seen = model.levels().get(row);
            assertEquals(seenAtHome.get(row).time(), seen.time(), 1e-7, "time of row " + row);
            assertEquals(seenAtHome.get(row).alpha(), seen.alpha(), 1e-12, "alpha of row " + row);
        }
    }

    private static TimeGrid grid(NoisePath path) {
        double[] ratios = new double[STEPS + 1];
        System.arraycopy(SigmaSpacing.karras().sigmas(STEPS, 0.03, 14), 0, ratios, 0, STEPS);
        return TimeGrid.of(path, ratios);
    }

    /** Of Gaussian data, but for a bend that depends on the state as it is: it cannot tell by the level alone. */
    private static TestDenoisers.Recording model(Prediction prediction) {
        return TestDenoisers.of(DIM, prediction, (x, level, condition, e) -> {
            double share = x / (0.25 * level.alpha() * level.alpha() + level.sigma() * level.sigma());
            double sample = 0.25 * level.alpha() * share + 0.1 * x / (1 + x * x);
            double noise = (x - level.alpha() * sample) / level.sigma();
            return prediction.outputOfX0(level) * sample + prediction.outputOfEpsilon(level) * noise;
        });
    }

    /** From this start row, which on grids that do not preserve variance is sigma times the noise. */
    private static float[] sample(Denoiser model, TimeGrid grid, float[] start) {
        NoiseLevel first = grid.level(0);
        float[] noise = start.clone();
        for (int e = 0; e < noise.length && !first.preservesVariance(); e++) {
            noise[e] /= (float) first.sigma();
        }
        try (Sampler sampler = Sampler.builder(model, grid).build()) {
            return sampler.sample(Request.seed(0).withStart(noise)).values();
        }
    }

    /** The same with an exact model, on diffusers' Karras grid of the schedule. */
    @Test
    void mixtureRunsOnBothGridsAlike() {
        TimeGrid home = TimeGrid.of(SCHEDULE, STEPS, SigmaSpacing.karras(), FinalAlpha.ONE);
        double[] ratios = home.levels().stream().mapToDouble(level -> level.sigma() / level.alpha()).toArray();
        TimeGrid away = TimeGrid.of(NoisePath.edm(), ratios);
        float[] start = Predictions.rows(1, 3, 1)[0];
        float[] scaled = start.clone();
        for (int e = 0; e < 3; e++) {
            scaled[e] /= (float) home.level(0).alpha();
        }
        try (Denoiser adapted = new LevelAdapter(mixture(), SCHEDULE); Denoiser model = mixture()) {
            assertArrayEquals(sample(model, home, start), sample(adapted, away, scaled), 1e-5f);
        }
    }

    private static Denoiser mixture() {
        return new GaussianMixtureDenoiser(new int[] {1, 3},
                List.of(GaussianMixtureDenoiserTest.LEFT, GaussianMixtureDenoiserTest.RIGHT));
    }

    @ParameterizedTest
    @CsvSource({"EPSILON, EPSILON", "SAMPLE, SAMPLE", "VELOCITY, SAMPLE", "FLOW, SAMPLE"})
    void predictionsThatDependOnTheScaleBecomeTheSample(Prediction model, Prediction adapted) {
        assertEquals(adapted, new LevelAdapter(TestDenoisers.gaussian(DIM, 0, 1, model), SCHEDULE).prediction());
    }

    @Test
    void modelRowsAreThoseOfItsOwnLevel() {
        Denoiser guided = Guidance.of(TestDenoisers.bent(DIM), GuidanceOptions.weight(3).withInterval(1, 5));
        Denoiser adapted = new LevelAdapter(guided, SCHEDULE);
        assertEquals(2, adapted.rowsPerEvaluation(SIGMAS.at(4), Conditioning.of(Condition.label(4))));
        assertEquals(1, adapted.rowsPerEvaluation(SIGMAS.at(6), Conditioning.of(Condition.label(4))));
    }

    @Test
    void noiseAloneIsRefused() {
        Denoiser adapted = Afterwards.close(new LevelAdapter(TestDenoisers.bent(DIM), SCHEDULE));
        assertThrows(IllegalArgumentException.class, () -> Predictions.of(adapted, Predictions.rows(1, DIM, 1),
                List.of(new NoiseLevel(1000, 0, 1)), Condition.none()));
    }
}
