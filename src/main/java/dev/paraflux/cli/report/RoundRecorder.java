package dev.paraflux.cli.report;

import dev.paraflux.Progress;
import dev.paraflux.ProgressListener;
import dev.paraflux.cli.option.Look;
import java.util.ArrayList;
import java.util.List;

/** What the first sample of a run looked like after each round, and how far the run had come. */
public final class RoundRecorder implements ProgressListener {
    private final int dim;
    private final List<float[]> previews = new ArrayList<>();
    private final List<Integer> evaluations = new ArrayList<>();
    private final List<Double> finalShares = new ArrayList<>();
    private final List<float[]> residuals = new ArrayList<>();

    /** Of samples that are looked at so. */
    public RoundRecorder(Look look) {
        dim = look.sampleShape().stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
    }

    @Override
    public void onRound(Progress progress) {
        float[] preview = new float[dim];
        progress.preview(0, preview);
        previews.add(preview);
        evaluations.add(progress.evaluations());
        finalShares.add((double) progress.finalRows() / progress.rows());
        float[] ofRows = new float[progress.rows(0)];
        for (int i = 0; i < ofRows.length; i++) {
            ofRows[i] = (float) progress.residual(0, i + 1);
        }
        residuals.add(ofRows);
    }

    /** Rows of the first sample. */
    int rows() {
        return residuals.get(0).length;
    }

    /** What {@link Progress#residual} said of a row of the first sample after a round, both from 1. */
    double residual(int round, int row) {
        return residuals.get(round - 1)[row - 1];
    }

    /** The sample after a round, from 1. */
    float[] preview(int round) {
        return previews.get(round - 1);
    }

    /** Evaluations of all samples up to a round, from 1. */
    int evaluations(int round) {
        return evaluations.get(round - 1);
    }

    /** Share of all samples' rows that are final after a round, from 1. */
    double finalShare(int round) {
        return finalShares.get(round - 1);
    }
}
