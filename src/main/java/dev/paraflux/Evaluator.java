package dev.paraflux;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Resources;
import dev.paraflux.device.RowCopies;
import dev.paraflux.method.Round;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.solver.TriangularSystem;

/**
 * Runs the rows of a round through the model, in batches of a largest size. Rows that already lie side by side are
 * evaluated where they are; others are gathered before and scattered after.
 */
final class Evaluator {
    private final Denoiser denoiser;
    private final TriangularSystem system;
    private final Device device;
    private final int maxBatch;
    private final Batch batch;
    private final Resources resources;
    private final RowCopies copies;
    private Buffer gatheredStates;
    private Buffer gatheredPredictions;

    /** @param resources take over what is allocated */
    Evaluator(Denoiser denoiser, TriangularSystem system, Device device, int maxBatch, Resources resources) {
        this.denoiser = denoiser;
        this.system = system;
        this.device = device;
        this.maxBatch = maxBatch;
        this.resources = resources;
        copies = resources.add(new RowCopies());
        batch = new Batch(maxBatch);
    }

    /** Evaluates the rows from {@code first} on, as many as one batch takes, and returns how many these were. */
    int evaluate(Round round, int first, Condition[] conditions) {
        int count = Math.min(maxBatch, round.size() - first);
        boolean inPlace = liesSideBySide(round, first, count);
        if (inPlace) {
            batch.begin(round.states(first), round.stateRow(first), round.predictions(first),
                    round.predictionRow(first));
        } else {
            gather(round, first, count);
        }
        for (int i = first; i < first + count; i++) {
            batch.add(system.level(round.row(i)), conditions[round.sample(i)]);
        }
        batch.evaluateBy(denoiser);
        if (!inPlace) {
            scatter(round, first, count);
        }
        return count;
    }

    private static boolean liesSideBySide(Round round, int first, int count) {
        for (int i = first + 1; i < first + count; i++) {
            if (round.states(i) != round.states(first) || round.stateRow(i) != round.stateRow(first) + i - first
                    || round.predictions(i) != round.predictions(first)
                    || round.predictionRow(i) != round.predictionRow(first) + i - first) {
                return false;
            }
        }
        return true;
    }

    private void gather(Round round, int first, int count) {
        makeRoom(count);
        copies.clear();
        for (int i = 0; i < count; i++) {
            copies.add(round.states(first + i), round.stateRow(first + i), gatheredStates, i);
        }
        copies.copy();
        batch.begin(gatheredStates, 0, gatheredPredictions, 0);
    }

    /** For twice as many rows whenever they do not suffice: the largest batch may be far more than a round ever has. */
    private void makeRoom(int count) {
        if (gatheredStates != null && gatheredStates.rows() >= count) {
            return;
        }
        if (gatheredStates != null) {
            gatheredStates.close();
            gatheredPredictions.close();
            gatheredStates = null;
        }
        int rows = Math.min(maxBatch, 2 * Integer.highestOneBit(count));
        gatheredPredictions = resources.allocate(device, rows, denoiser.dim());
        gatheredStates = resources.allocate(device, rows, denoiser.dim());
    }

    private void scatter(Round round, int first, int count) {
        copies.clear();
        for (int i = 0; i < count; i++) {
            copies.add(gatheredPredictions, i, round.predictions(first + i), round.predictionRow(first + i));
        }
        copies.copy();
    }
}
