package dev.paraflux.cli.report;

import dev.paraflux.Progress;
import dev.paraflux.ProgressListener;
import java.io.PrintWriter;
import java.util.Locale;

/** A bar on the terminal that the launcher found, and perhaps what it leads to; nothing in a pipe. */
public final class ProgressBar implements ProgressListener, AutoCloseable {
    private static final int WIDTH = 40;
    private static final double REDRAW_SECONDS = 0.2;
    /** Before, what is left is a guess from next to nothing. */
    private static final double TRUSTED_SECONDS = 1;

    private final PrintWriter terminal;
    private final String title;
    private final TerminalPreview preview;
    private final boolean wanted = Boolean.getBoolean("paraflux.terminal");
    private final long begun = System.nanoTime();
    private double shownSeconds;
    private int shown = -1;
    private int length;

    /** Java cannot tell a terminal from a pipe on every version, so the launcher tells. */
    public ProgressBar(PrintWriter terminal, String title) {
        this(terminal, title, null);
    }

    /** @param preview draws the samples above the bar; null for none */
    public ProgressBar(PrintWriter terminal, String title, TerminalPreview preview) {
        this.terminal = terminal;
        this.title = title;
        this.preview = preview;
    }

    @Override
    public void onRound(Progress progress) {
        if (!wanted) {
            return;
        }
        if (preview != null && preview.draw(progress)) {
            // The bar's line is another one now.
            shown = -1;
        }
        double seconds = seconds();
        int done = progress.finalRows();
        String left = seconds < TRUSTED_SECONDS || done == 0 || done == progress.rows() ? ""
                : ", about " + time(seconds * (progress.rows() - done) / done) + " left";
        show(done, progress.rows(), "round " + progress.round() + ", " + done + " of " + progress.rows() + " rows final"
                + left);
    }

    /** For example {@code 12 s} or {@code 3 min}. */
    static String time(double seconds) {
        return seconds < 90 ? String.format(Locale.ROOT, "%.0f s", Math.ceil(seconds))
                : String.format(Locale.ROOT, "%.0f min", seconds / 60);
    }

    private double seconds() {
        return (System.nanoTime() - begun) * 1e-9;
    }

    /** Draws so much of it, if there is more to draw than there was, or all. */
    void show(long done, long all, String text) {
        int filled = (int) (WIDTH * done / all);
        if (!wanted || filled == shown && done < all && seconds() - shownSeconds < REDRAW_SECONDS) {
            return;
        }
        shown = filled;
        shownSeconds = seconds();
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
