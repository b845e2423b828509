package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PredictionTest {
    @ParameterizedTest
    @EnumSource
    void sampleAndNoiseComeBack(Prediction prediction) {
        Random random = new Random(prediction.ordinal());
        for (int trial = 0; trial < 1000; trial++) {
            // Half of the levels preserve variance, half do not.
            NoiseLevel level = trial % 2 == 0
                    ? NoiseLevel.ofAlphaBar(trial, 0.01 + 0.98 * random.nextDouble())
                    : new NoiseLevel(trial, 0.1 + random.nextDouble(), 0.1 + 9 * random.nextDouble());
            double sample = random.nextGaussian();
            double noise = random.nextGaussian();
            double state = level.alpha() * sample + level.sigma() * noise;
            double output = switch (prediction) {
                case EPSILON -> noise;
                case SAMPLE -> sample;
                case VELOCITY -> level.alpha() * noise - level.sigma() * sample;
                case FLOW -> noise - sample;
            };
            assertEquals(output, prediction.outputOfX0(level) * sample + prediction.outputOfEpsilon(level) * noise,
                    1e-12);
            assertEquals(sample, prediction.x0OfState(level) * state + prediction.x0OfOutput(level) * output, 1e-12);
            assertEquals(noise, prediction.epsilonOfState(level) * state + prediction.epsilonOfOutput(level) * output,
                    1e-12);
        }
    }

    @Test
    void velocityIsDefinedAtBothEnds() {
        NoiseLevel noise = new NoiseLevel(999, 0, 1);
        assertEquals(-1, Prediction.VELOCITY.x0OfOutput(noise));
        assertEquals(0, Prediction.VELOCITY.x0OfState(noise));
        assertEquals(1, Prediction.VELOCITY.epsilonOfState(noise));
        NoiseLevel clean = new NoiseLevel(0, 1, 0);
        assertEquals(1, Prediction.VELOCITY.x0OfState(clean));
        assertEquals(1, Prediction.VELOCITY.epsilonOfOutput(clean));
    }

    @Test
    void epsilonSaysNothingAboutTheSampleInPureNoise() {
        NoiseLevel noise = new NoiseLevel(999, 0, 1);
        String message = "alpha at time 999.0 0.0: must be above 0 for a model that predicts epsilon, which says nothing"
                + " about the sample there (zero terminal SNR); one that predicts v or the sample does";
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> Prediction.EPSILON.x0OfState(noise)).getMessage());
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> Prediction.EPSILON.x0OfOutput(noise)).getMessage());
        assertEquals(1, Prediction.EPSILON.epsilonOfOutput(noise));
        assertEquals(0, Prediction.EPSILON.epsilonOfState(noise));
    }

    @Test
    void sampleSaysNothingAboutTheNoiseWhereThereIsNone() {
        NoiseLevel clean = new NoiseLevel(0, 1, 0);
        String message = "sigma at time 0.0 0.0: must be above 0 for a model that predicts the sample, which says nothing"
                + " about the noise there";
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> Prediction.SAMPLE.epsilonOfState(clean)).getMessage());
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> Prediction.SAMPLE.epsilonOfOutput(clean)).getMessage());
        assertEquals(1, Prediction.SAMPLE.x0OfOutput(clean));
        assertEquals(0, Prediction.SAMPLE.x0OfState(clean));
    }
}
