package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.cli.CommandRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code sample --preview} draws on a terminal. */
class SamplePreviewTest {
    private static final String HALF = "\u2580";

    @TempDir
    Path folder;

    private CommandRun sample(boolean terminal, Object... more) {
        System.setProperty("paraflux.terminal", String.valueOf(terminal));
        try {
            Object[] arguments = {"sample", "--steps", 4, "--labels", "3,5,7", "--out", folder.resolve("a.png")};
            List<Object> all = new ArrayList<>(List.of(arguments));
            all.addAll(List.of(more));
            return CommandRun.of(all.toArray()).requireCode(0);
        } finally {
            System.clearProperty("paraflux.terminal");
        }
    }

    /** Two of three fit beside each other; the last of the pictures is the sample, pixel by pixel. */
    @Test
    void whatIsDrawnLastAreTheSamples() throws IOException {
        String text = sample(true, "--preview").errors();
        String last = text.substring(text.lastIndexOf("\u001b[14A") + 6);
        List<String> lines = last.lines().limit(14).toList();
        BufferedImage picture = ImageIO.read(folder.resolve("a.png").toFile());
        for (int line = 0; line < 14; line++) {
            int column = 0;
            Matcher cells = Pattern.compile("(?:\u001b\\[38;2;(\\d+);\\d+;\\d+;48;2;(\\d+);\\d+;\\d+m)?" + HALF)
                    .matcher(lines.get(line));
            int upper = -1;
            int lower = -1;
            while (cells.find()) {
                upper = cells.group(1) == null ? upper : Integer.parseInt(cells.group(1));
                lower = cells.group(2) == null ? lower : Integer.parseInt(cells.group(2));
                // In the file pixels are four times as large, and two pixels of grey lie between samples.
                int x = column / 28 * (28 * 4 + 2) + column % 28 * 4;
                assertEquals(picture.getRGB(x, 2 * line * 4) & 0xff, upper, line + " " + column);
                assertEquals(picture.getRGB(x, (2 * line + 1) * 4) & 0xff, lower, line + " " + column);
                column++;
            }
            assertEquals(2 * 28, column);
        }
        assertTrue(text.endsWith("] round 4, 12 of 12 rows final" + System.lineSeparator()), text);
    }

    @Test
    void withoutATerminalThereIsNothing() {
        assertEquals("", sample(false, "--preview").errors());
    }

    @Test
    void onATerminalItIsForThoseWhoAsk() {
        assertFalse(sample(true).errors().contains("\u001b"));
    }
}
