package dev.paraflux;

import dev.paraflux.method.Problem;
import dev.paraflux.model.Condition;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.solver.TriangularSystem;

/** Writes what is given before a solve begins: the start row of each sample, and the noise of its steps. */
final class NoiseRows {
    private final Problem problem;
    private final TriangularSystem system;
    private final float[] row;

    NoiseRows(Problem problem) {
        this.problem = problem;
        system = problem.system();
        row = new float[problem.dim()];
    }

    /** Writes a sample's rows. Noise that is drawn comes in ascending rows from one stream of the request's seed. */
    void write(int sample, Request request) {
        TorchRandom random = new TorchRandom(request.seed());
        if (request.givenStart() == null) {
            random.fillNormal(row);
        } else {
            System.arraycopy(request.givenStart(), 0, row, 0, row.length);
        }
        begin(request);
        problem.start().write(sample, row);
        for (int i = 1; i <= system.rows(); i++) {
            if (system.noise(i) == 0) {
                continue;
            }
            if (request.givenRowNoise() == null) {
                random.fillNormal(row);
                problem.noise().write(problem.noiseRow(sample, i), row);
            } else {
                problem.noise().write(problem.noiseRow(sample, i), request.givenRowNoise(), (i - 1) * problem.dim());
            }
        }
    }

    /** Turns start noise z into the start row: alpha image + sigma z where there is an image to begin from, or known. */
    private void begin(Request request) {
        NoiseLevel first = system.level(0);
        float[] image = request.givenImage();
        Condition.Masked masked = request.condition() instanceof Condition.Masked given ? given : null;
        for (int e = 0; e < row.length; e++) {
            double noise = row[e];
            double start = image == null
                    ? system.startScale() * noise : first.alpha() * image[e] + first.sigma() * noise;
            if (masked != null) {
                double known = first.alpha() * masked.image(e) + first.sigma() * noise;
                // Exact at both ends, 0 and 1.
                start = masked.mask(e) * start + (1.0 - masked.mask(e)) * known;
            }
            row[e] = (float) start;
        }
    }
}
