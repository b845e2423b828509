package dev.paraflux.cli.report;

import dev.paraflux.iia.Correction;
import dev.paraflux.iia.IiaCoefficients;
import dev.paraflux.iia.IiaListener;
import java.io.PrintWriter;

/** How far a fit is, as a bar on the terminal; nothing in a pipe. */
public final class FitProgress implements IiaListener, AutoCloseable {
    private final ProgressBar bar;
    private final int corrections;
    private int done;

    /** @param corrections that are tried, one after another */
    public FitProgress(PrintWriter terminal, int corrections) {
        this.corrections = corrections;
        bar = new ProgressBar(terminal, "");
        bar.show(0, 1, "fine steps of the held-out samples");
    }

    @Override
    public void onStep(Correction correction, int step, int steps, IiaCoefficients.Step result) {
        done++;
        bar.show(done, (long) corrections * steps, FitReport.text(correction) + ", step " + step + " of " + steps);
    }

    @Override
    public void close() {
        bar.close();
    }
}
