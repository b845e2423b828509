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
