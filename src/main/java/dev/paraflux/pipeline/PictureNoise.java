package dev.paraflux.pipeline;

import dev.paraflux.check.Require;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.solver.TriangularSystem;
import java.util.Arrays;

/**
 * Noise as diffusers draws it: from one stream, first what an encoded picture needs, then the start, then the steps', each
 * time for all pictures of the generator, of which this is one's share.
 */
final class PictureNoise {
    private final TorchRandom random;
    private final int number;
    private final boolean onePicture;
    private final float[] block;
    private final int dim;

    PictureNoise(PictureRequest.Noise noise, int dim) {
        random = new TorchRandom(noise.seed());
        number = noise.number();
        onePicture = noise.onePicture();
        this.dim = dim;
        Require.between(1, Integer.MAX_VALUE / dim, "pictures of one generator", noise.of());
        block = new float[noise.of() * dim];
    }

    /** The next value of each latent. */
    float[] next() {
        random.fillNormal(block);
        return Arrays.copyOfRange(block, number * dim, (number + 1) * dim);
    }

    /** What an encoded picture needs: one for all where they begin from the same. */
    float[] ofPicture() {
        if (!onePicture) {
            return next();
        }
        float[] drawn = new float[dim];
        random.fillNormal(drawn);
        return drawn;
    }

    /** Of all rows for which noise is drawn; null if there is none. */
    float[] rows(TriangularSystem system) {
        if (system.noiseRows() == 0) {
            return null;
        }
        Require.between(1, Integer.MAX_VALUE / dim, "rows of a solver that takes noise", system.rows());
        float[] rows = new float[system.rows() * dim];
        for (int i = 1; i <= system.rows(); i++) {
            if (system.drawn(i)) {
                System.arraycopy(next(), 0, rows, (i - 1) * dim, dim);
            }
        }
        return rows;
    }
}
