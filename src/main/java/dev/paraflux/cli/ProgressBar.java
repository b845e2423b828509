package dev.paraflux.cli;

import dev.paraflux.Progress;
import dev.paraflux.ProgressListener;
import java.io.PrintWriter;

/** A bar on the terminal that the launcher found; nothing in a pipe. */
final class ProgressBar implements ProgressListener, AutoCloseable {
    private static final int WIDTH = 40;

    private final PrintWriter terminal;
    private int shown = -1;

    ProgressBar(PrintWriter terminal) {
        this.terminal = terminal;
    }

    /** Java cannot tell a terminal from a pipe on every version, so the launcher tells. */
    static boolean wanted() {
        return Boolean.getBoolean("paraflux.terminal");
    }

    @Override
    public void onRound(Progress progress) {
        int filled = (int) ((long) WIDTH * progress.finalRows() / progress.rows());
        if (filled == shown && progress.finalRows() < progress.rows()) {
            return;
        }
        shown = filled;
        terminal.print("\r[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] round " + progress.round());
        terminal.flush();
    }

    /** Ends the bar's line, wherever the run ended. */
    @Override
    public void close() {
        if (shown >= 0) {
            terminal.println();
            terminal.flush();
        }
    }
}
