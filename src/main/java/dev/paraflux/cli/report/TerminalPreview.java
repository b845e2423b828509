package dev.paraflux.cli.report;

import dev.paraflux.Progress;
import dev.paraflux.cli.option.Look;
import dev.paraflux.io.ImageGrid;
import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The first samples as they come about, on a terminal of 24-bit colours: each letter is half a block, whose two colours are two
 * pixels, one above the other. Drawn over itself, and so seldom that it takes a tenth of the time.
 */
public final class TerminalPreview {
    /** Of a picture, in both directions. */
    private static final int MOST_PIXELS = 64;
    private static final int COLUMNS = 80;
    private static final int SHARE_OF_TIME = 10;
    private static final String ESCAPE = "\u001b[";
    private static final String UPPER_HALF = "\u2580";

    private final PrintWriter terminal;
    private final Look look;
    private final ImageGrid grid;
    private final float[] values;
    private int lines;
    private long drawn;
    private long took;

    /**
     * Without a picture yet.
     *
     * @throws IllegalArgumentException if the model's samples cannot be drawn
     */
    public TerminalPreview(PrintWriter terminal, Look look) {
        this.terminal = terminal;
        this.look = look;
        grid = Pictures.grid(look, 1, 1);
        values = new float[look.sampleShape().stream().reduce(1, Math::multiplyExact)];
    }

    /** Draws the samples as they are after this round, if it is time to; whether it did. */
    boolean draw(Progress progress) {
        long now = System.nanoTime();
        boolean last = progress.finalRows() == progress.rows();
        if (lines > 0 && !last && now - drawn < SHARE_OF_TIME * took) {
            return false;
        }
        List<BufferedImage> pictures = new ArrayList<>();
        int room = COLUMNS;
        for (int s = 0; s < progress.samples() && (s == 0 || room >= pictures.get(0).getWidth()); s++) {
            progress.preview(s, values);
            pictures.add(Html.shrunk(grid.draw(look.picture(values.clone())), MOST_PIXELS));
            room -= pictures.get(0).getWidth() + 1;
        }
        StringBuilder text = new StringBuilder(lines == 0 ? "" : ESCAPE + lines + "A").append('\r');
        lines = (pictures.get(0).getHeight() + 1) / 2;
        for (int line = 0; line < lines; line++) {
            for (BufferedImage picture : pictures) {
                append(text, picture, 2 * line);
            }
            text.append(ESCAPE).append('K').append('\n');
        }
        terminal.print(text);
        terminal.flush();
        drawn = System.nanoTime();
        took = drawn - now;
        return true;
    }

    /** Two lines of pixels, and a space. */
    private static void append(StringBuilder text, BufferedImage picture, int y) {
        String before = "";
        for (int x = 0; x < picture.getWidth(); x++) {
            int upper = picture.getRGB(x, y);
            String colours = ESCAPE + "38;2;" + colour(upper)
                    + (y + 1 < picture.getHeight() ? ";48;2;" + colour(picture.getRGB(x, y + 1)) : "") + "m";
            text.append(colours.equals(before) ? "" : colours).append(UPPER_HALF);
            before = colours;
        }
        text.append(ESCAPE).append("0m ");
    }

    private static String colour(int rgb) {
        return (rgb >> 16 & 0xff) + ";" + (rgb >> 8 & 0xff) + ";" + (rgb & 0xff);
    }
}
