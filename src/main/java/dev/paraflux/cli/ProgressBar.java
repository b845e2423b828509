package dev.paraflux.cli;

import dev.paraflux.Progress;
import dev.paraflux.ProgressListener;
import java.io.PrintWriter;

/** A bar on the terminal that the launcher found; nothing in a pipe. */
final class ProgressBar implements ProgressListener, AutoCloseable {
    private static final int WIDTH = 40;

    private final PrintWriter terminal;
    private final String title;
    private final boolean wanted = Boolean.getBoolean("paraflux.terminal");
    private int shown = -1;

    /** Java cannot tell a terminal from a pipe on every version, so the launcher tells. */
    ProgressBar(PrintWriter terminal, String title) {
        this.terminal = terminal;
        this.title = title;
    }

    @Override
    public void onRound(Progress progress) {
        int filled = (int) ((long) WIDTH * progress.finalRows() / progress.rows());
        if (!wanted || filled == shown && progress.finalRows() < progress.rows()) {
            return;
        }
        shown = filled;
        terminal.print("\r[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + title + "round "
                + progress.round());
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
