package dev.paraflux.cli.report;

import dev.paraflux.Progress;
import dev.paraflux.ProgressListener;
import java.io.PrintWriter;

/** A bar on the terminal that the launcher found; nothing in a pipe. */
public final class ProgressBar implements ProgressListener, AutoCloseable {
    private static final int WIDTH = 40;

    private final PrintWriter terminal;
    private final String title;
    private final boolean wanted = Boolean.getBoolean("paraflux.terminal");
    private int shown = -1;
    private int length;

    /** Java cannot tell a terminal from a pipe on every version, so the launcher tells. */
    public ProgressBar(PrintWriter terminal, String title) {
        this.terminal = terminal;
        this.title = title;
    }

    @Override
    public void onRound(Progress progress) {
        show(progress.finalRows(), progress.rows(), "round " + progress.round());
    }

    /** Draws so much of it, if that is more than is drawn already, or all. */
    void show(long done, long all, String text) {
        int filled = (int) (WIDTH * done / all);
        if (!wanted || filled == shown && done < all) {
            return;
        }
        shown = filled;
        String line = "[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + title + text;
        // What is longer and was there before is painted over.
        terminal.print("\r" + line + " ".repeat(Math.max(0, length - line.length())));
        terminal.flush();
        length = line.length();
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
