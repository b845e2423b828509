package dev.paraflux;

import dev.paraflux.device.Buffer;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Work;
import dev.paraflux.model.Mask;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.solver.TriangularSystem;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes what is given before a run begins: its start row, and the noise of its steps. Noise that is drawn comes in ascending
 * rows from one stream of the request's seed. For one thread at a time.
 */
final class StartRows {
    private final float[] row;
    private final FloatBuffer drawn;
    /** Generators that no run draws from now. */
    private final Deque<TorchRandom> idle = new ArrayDeque<>();

    StartRows(int dim) {
        row = new float[dim];
        drawn = FloatBuffer.wrap(row);
    }

    /** What draws the rows of a request, at the start of its stream; null where all of them are given. */
    TorchRandom random(Request request, TriangularSystem system) {
        Given given = request.given();
        if (given.hasStart() && (given.rowNoise() != null || system.noiseRows() == 0)) {
            return null;
        }
        TorchRandom random = idle.poll();
        if (random == null) {
            return new TorchRandom(request.seed());
        }
        random.restart(request.seed());
        return random;
    }

    /** Takes back what drew a request's rows. */
    void giveBack(TorchRandom random) {
        idle.push(random);
    }

    /** Writes a sample's start row. */
    void writeStart(Request request, TorchRandom random, Problem problem, int slot, Work work) {
        Given given = request.given();
        if (request.isPlain() && given.shared() != null) {
            writeScaled(given.shared(), problem.system().startScale(), problem.start(), slot, work);
            return;
        }
        if (given.hasStart()) {
            given.readStart(row);
        } else {
            random.fillNormal(drawn);
        }
        begin(request, problem.system());
        work.write(row, 0, problem.start(), slot);
    }

    /** Writes the noise of one of a sample's rows, the next one that has any. */
    void writeNoise(int i, Request request, TorchRandom random, Problem problem, int slot, Work work) {
        float[] given = request.given().rowNoise();
        if (given == null) {
            random.fillNormal(drawn);
        }
        work.write(given == null ? row : given, given == null ? 0 : (i - 1) * problem.dim(), problem.noise(),
                problem.noiseRow(slot, i));
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
