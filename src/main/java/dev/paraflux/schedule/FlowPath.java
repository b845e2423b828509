package dev.paraflux.schedule;

import dev.paraflux.check.Require;
import java.util.ArrayList;
import java.util.List;

/** The levels (1 - tau, tau) of flow matching, at time timeScale tau. */
record FlowPath(double timeScale) implements NoisePath {
    /** diffusers counts 1000 training steps for models that were trained at any tau. */
    static final double DIFFUSERS_TIME_SCALE = 1000;

    FlowPath {
        Require.positive("timeScale", timeScale);
    }

    @Override
    public NoiseLevel at(double ratio) {
        Require.positive("sigma / alpha", ratio);
        return level(1 / (1 + ratio), ratio / (1 + ratio));
    }

    /** Levels from tau = 1 to 0 in equal distances, each tau moved to shift tau / (1 + (shift - 1) tau). */
    List<NoiseLevel> levels(int steps, double shift) {
        StepMemory.require(steps);
        Require.positive("shift", shift);
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
