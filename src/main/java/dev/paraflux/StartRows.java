package dev.paraflux;

import dev.paraflux.device.Buffer;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Work;
import dev.paraflux.model.Mask;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.solver.TriangularSystem;
import java.nio.FloatBuffer;

/** Writes what is given before a run begins: its start row, and the noise of its steps. For one thread at a time. */
final class StartRows {
    private final float[] row;

    StartRows(int dim) {
        row = new float[dim];
    }

    /** Writes a sample's rows. Noise that is drawn comes in ascending rows from one stream of the request's seed. */
    void write(Request request, Problem problem, int slot, Work work) {
        TriangularSystem system = problem.system();
        Given given = request.given();
        boolean draws = !given.hasStart() || given.rowNoise() == null && system.noiseRows() > 0;
        TorchRandom random = draws ? new TorchRandom(request.seed()) : null;
        if (request.isPlain() && given.shared() != null) {
            writeScaled(given.shared(), system.startScale(), problem.start(), slot, work);
        } else {
            if (given.hasStart()) {
                given.readStart(row);
            } else {
                random.fillNormal(row);
            }
            begin(request, system);
            work.write(row, 0, problem.start(), slot);
        }
        for (int i = 1; i <= system.rows(); i++) {
            if (system.noise(i) == 0) {
                continue;
            }
            if (given.rowNoise() != null) {
                work.write(given.rowNoise(), (i - 1) * problem.dim(), problem.noise(),
                        problem.noiseRow(slot, i));
            } else {
                random.fillNormal(row);
                work.write(row, 0, problem.noise(), problem.noiseRow(slot, i));
            }
        }
    }

    /** From the caller's memory straight to the device's. */
    private static void writeScaled(FloatBuffer start, double scale, Buffer into, int slot, Work work) {
        work.write(start, into, slot);
        if (scale != 1) {
            work.rows().into(into, slot).plus(scale, into, slot);
        }
    }

    /** Turns start noise z into the start row: alpha image + sigma z where there is an image to begin from, or known. */
    private void begin(Request request, TriangularSystem system) {
        NoiseLevel first = system.level(0);
        float[] image = request.given().image();
        Mask mask = request.conditioning().mask();
        for (int e = 0; e < row.length; e++) {
            double noise = row[e];
            double start = image == null
                    ? system.startScale() * noise : first.alpha() * image[e] + first.sigma() * noise;
            if (mask != null) {
                double known = first.alpha() * mask.known(e) + first.sigma() * noise;
                // Exact at both ends, 0 and 1.
                start = mask.mask(e) * start + (1.0 - mask.mask(e)) * known;
            }
            row[e] = (float) start;
        }
    }
}
