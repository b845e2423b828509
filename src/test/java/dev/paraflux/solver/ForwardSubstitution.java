package dev.paraflux.solver;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.util.Arrays;

/**
 * The oracle of every method: equation (1) row after row on Java arrays, in double, each row and prediction rounded to
 * float once, as the rows of the library are. All rows are kept and nothing is reused.
 */
public final class ForwardSubstitution {
    private ForwardSubstitution() {}

    /**
     * Solves the system.
     *
     * @param start    x_0
     * @param rowNoise z_1 .. z_N one after the other, or null if the system takes no noise
     * @return the states x_0 .. x_N
     */
    public static float[][] solve(TriangularSystem system, Denoiser denoiser, Condition condition, float[] start,
            float[] rowNoise) {
        return continueFrom(system, denoiser, condition, new float[][] {start}, rowNoise);
    }

    /**
     * Solves the system from a row on.
     *
     * @param known the states x_0 .. x_f, of whatever origin
     * @return the states x_0 .. x_N
     */
    public static float[][] continueFrom(TriangularSystem system, Denoiser denoiser, Condition condition,
            float[][] known, float[] rowNoise) {
        int dim = known[0].length;
        float[][] states = Arrays.copyOf(known, system.rows() + 1);
        float[][] predictions = new float[system.rows() + 1][];
        for (int i = 0; i < system.rows(); i++) {
            if (system.evaluated(i)) {
                predictions[i] = evaluate(denoiser, condition, system.level(i), states[i]);
            }
            if (i + 1 < known.length) {
                continue;
            }
            double[] sum = new double[dim];
            system.rightSide(i + 1, new TriangularSystem.Terms() {
                @Override
                public void state(double factor, int j) {
                    add(factor, states[j], 0);
                }

                @Override
                public void prediction(double factor, int j) {
                    add(factor, predictions[j], 0);
                }

                @Override
                public void noise(double factor, int row) {
                    add(factor, rowNoise, (row - 1) * dim);
                }

                private void add(double factor, float[] row, int offset) {
                    for (int e = 0; e < dim; e++) {
                        sum[e] += factor * row[offset + e];
                    }
                }
            });
            states[i + 1] = new float[dim];
            for (int e = 0; e < dim; e++) {
                states[i + 1][e] = (float) sum[e];
            }
        }
        return states;
    }

    /** What a model predicts of one row. */
    public static float[] evaluate(Denoiser denoiser, Condition condition, NoiseLevel level, float[] state) {
        float[] prediction = new float[state.length];
        try (Buffer states = Device.cpu().allocate(1, state.length);
                Buffer predictions = Device.cpu().allocate(1, state.length)) {
            states.write(0, state);
            Batch batch = new Batch(1);
            batch.begin(states, 0, predictions, 0);
            batch.add(level, condition);
            denoiser.evaluate(batch);
            predictions.read(0, prediction);
        }
        return prediction;
    }
}
