package dev.paraflux.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** A layer norm that is told by what it made of a text. */
class FinalNormTest {
    private static final int TOKENS = 77;
    private static final int WIDTH = 48;
    private static final double EPSILON = 1e-5;

    private final Random random = new Random(3);
    private final double[] weight = random.doubles(WIDTH, 0.2, 3).toArray();
    private final double[] bias = random.doubles(WIDTH, -1, 1).toArray();

    /** Tokens whose features are of many sizes, a few of them far from 0 and nearly the same, as CLIP's are. */
    private float[] states(double spread) {
        float[] states = new float[TOKENS * WIDTH];
        for (int i = 0; i < states.length; i++) {
            states[i] = (float) (i % WIDTH == 7 ? -28 + 0.2 * random.nextGaussian() : spread * random.nextGaussian());
        }
        return states;
    }

    private float[] normed(float[] states) {
        float[] normed = new float[states.length];
        for (int at = 0; at < states.length; at += WIDTH) {
            double mean = 0;
            double square = 0;
            for (int j = 0; j < WIDTH; j++) {
                mean += states[at + j] / (double) WIDTH;
                square += (double) states[at + j] * states[at + j] / WIDTH;
            }
            double deviation = Math.sqrt(square - mean * mean + EPSILON);
            for (int j = 0; j < WIDTH; j++) {
                normed[at + j] = (float) (weight[j] * (states[at + j] - mean) / deviation + bias[j]);
            }
        }
        return normed;
    }

    @Test
    void isToldByWhatItMade() {
        float[] last = states(1);
        FinalNorm norm = FinalNorm.between(last, normed(last), WIDTH, EPSILON);
        assertTrue(norm.holds());
        float[] other = states(0.3);
        assertArrayEquals(normed(other), norm.of(other), 1e-4f);
    }

    @Test
    void doesNotHoldWhereTheStatesAreOfSomethingElse() {
        assertFalse(FinalNorm.between(states(1), normed(states(1)), WIDTH, EPSILON).holds());
    }

    @Test
    void featuresThatNeverChangeAreKept() {
        float[] same = new float[TOKENS * WIDTH];
        for (int i = 0; i < same.length; i++) {
            same[i] = i % WIDTH;
        }
        assertArrayEquals(normed(same), FinalNorm.between(same, normed(same), WIDTH, EPSILON).of(same), 1e-5f);
    }
}
