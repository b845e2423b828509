package dev.paraflux.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * The grids of diffusers' classes of EDM: alpha = 1, and times log(sigma) / 4.
 *
 * @param sigmaMin   above 0
 * @param sigmaMax   above it
 * @param rule       of the sigmas
 * @param keepsNoise whether the sample keeps the least sigma
 */
record EdmGrid(double sigmaMin, double sigmaMax, SigmaSpacing rule, boolean keepsNoise) implements GridSettings {
    @Override
    public TimeGrid grid(int steps) {
        StepMemory.require(steps);
        List<NoiseLevel> levels = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            levels.add(NoisePath.edm().at(rule.sigma(steps == 1 ? 0 : i / (steps - 1.0), sigmaMin, sigmaMax)));
        }
        levels.add(keepsNoise ? levels.get(steps - 1) : new NoiseLevel(0, 1, 0));
        return new TimeGrid(levels, NoisePath.edm()).withStartScale(Math.hypot(1, sigmaMax));
    }
}
