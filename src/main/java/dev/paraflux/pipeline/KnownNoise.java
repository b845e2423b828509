package dev.paraflux.pipeline;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.solver.TriangularSystem;

/**
 * Noise of the rows where a mask leaves a picture as it is. diffusers' pipelines noise the picture to each level by the one
 * noise that the sample begins with; a solver that takes fresh noise would noise it anew with every row. Both are noise of
 * the level, but what is painted beside them is not the same picture. So the fresh noise is, in the known part, as much of
 * the first one as brings the row to its level.
 */
final class KnownNoise {
    private KnownNoise() {}

    /**
     * Writes the noise of the known part.
     *
     * @param rows  of all rows, one after the other; those that take none are not looked at
     * @param start that the sample begins with
     * @param mask  0 where the picture is known, to 1
     */
    static void keep(float[] rows, TriangularSystem system, float[] start, float[] mask) {
        double[] shares = shares(system);
        for (int i = 1; i <= system.rows(); i++) {
            int at = (i - 1) * start.length;
            for (int e = 0; e < start.length && system.noise(i) != 0; e++) {
                rows[at + e] = (float) (mask[e] * rows[at + e] + (1 - mask[e]) * shares[i] * start[e]);
            }
        }
    }

    /** How much of the first noise each row takes, of a picture of zeros, whose rows are sigma times that noise. */
    private static double[] shares(TriangularSystem system) {
        double[] shares = new double[system.rows() + 1];
        double[] states = new double[system.rows() + 1];
        states[0] = system.level(0).sigma();
        for (int i = 1; i <= system.rows(); i++) {
            double[] rest = new double[1];
            system.rightSide(i, new TriangularSystem.Terms() {
                @Override
                public void state(double factor, int j) {
                    rest[0] += factor * states[j];
                }

                @Override
                public void prediction(double factor, int j) {
                    NoiseLevel level = system.level(j);
                    double epsilon = level.sigma() == 0 ? 0 : states[j] / level.sigma();
                    rest[0] += factor * system.prediction().outputOfEpsilon(level) * epsilon;
                }

                @Override
                public void noise(double factor, int row) {
                    // It is what is asked for.
                }
            });
            double wanted = system.level(i).sigma();
            shares[i] = system.noise(i) == 0 ? 0 : (wanted - rest[0]) / system.noise(i);
            states[i] = system.noise(i) == 0 ? rest[0] : wanted;
        }
        return shares;
    }
}
