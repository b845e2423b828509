package dev.paraflux.schedule;

import java.util.ArrayList;
import java.util.List;

/** The levels (1 - tau, tau) of flow matching, at time timeScale tau. */
record FlowPath(double timeScale) implements NoisePath {
    /** diffusers counts 1000 training steps for models that were trained at any tau. */
    static final double DIFFUSERS_TIME_SCALE = 1000;

    FlowPath {
        if (!(timeScale > 0 && timeScale < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("timeScale = " + timeScale + ", legal: above 0, finite");
        }
    }

    @Override
    public NoiseLevel at(double ratio) {
        if (!(ratio > 0 && ratio < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("sigma / alpha = " + ratio + ", legal: above 0, finite");
        }
        return level(1 / (1 + ratio), ratio / (1 + ratio));
    }

    /** Levels from tau = 1 to 0 in equal distances, each tau moved to shift tau / (1 + (shift - 1) tau). */
    List<NoiseLevel> levels(int steps, double shift) {
        if (steps < 1) {
            throw new IllegalArgumentException("steps = " + steps + ", legal: 1 or more");
        }
        if (!(shift > 0 && shift < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("shift = " + shift + ", legal: above 0, finite");
        }
        List<NoiseLevel> levels = new ArrayList<>();
        for (int i = 0; i <= steps; i++) {
            double tau = (double) (steps - i) / steps;
            // Shares of one sum, since 1 - tau' would lose the digits of a small alpha.
            double sum = 1 - tau + shift * tau;
            levels.add(level((1 - tau) / sum, shift * tau / sum));
        }
        return levels;
    }

    private NoiseLevel level(double alpha, double tau) {
        return new NoiseLevel(timeScale * tau, alpha, tau);
    }
}
