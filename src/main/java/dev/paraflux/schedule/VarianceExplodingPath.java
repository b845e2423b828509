package dev.paraflux.schedule;

import dev.paraflux.check.Require;
import java.util.function.DoubleUnaryOperator;

/** alpha = 1 at every level, and a time that is a function of sigma. */
record VarianceExplodingPath(DoubleUnaryOperator time) implements NoisePath {
    /** One object, so that grids of EDM with the same levels are equal. */
    static final VarianceExplodingPath EDM = new VarianceExplodingPath(sigma -> Math.log(sigma) / 4);

    @Override
    public NoiseLevel at(double ratio) {
        Require.positive("sigma / alpha", ratio);
        return new NoiseLevel(time.applyAsDouble(ratio), 1, ratio);
    }
}
