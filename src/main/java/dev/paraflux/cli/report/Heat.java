package dev.paraflux.cli.report;

import java.awt.image.BufferedImage;
import java.util.Locale;

/**
 * The colours of positive numbers by their logarithms, from the smallest to the largest that there are: those of matplotlib's
 * viridis, which differ in lightness too, so that all eyes can tell them apart.
 */
final class Heat {
    private static final int[] COLOURS = {0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779,
            0x6ece58, 0xb5de2b, 0xfde725};
    /** Of what is exact. */
    private static final int TAKEN = 0xff8a8f98;
    private static final int LEGEND_STEPS = 256;
    private static final int BAR = 280;
    private static final int MARGIN = 24;

    private final double low;
    private final double high;

    /** Of numbers in this range; both are the whole powers of ten around it. */
    Heat(double least, double most) {
        boolean some = least > 0 && most >= least;
        low = some ? Math.floor(Math.log10(least)) : -1;
        high = some ? Math.max(low + 1, Math.ceil(Math.log10(most))) : 0;
    }

    /** Alpha, red, green and blue of a number: grey of 0, nothing of what is not a number. */
    int argb(double value) {
        if (Double.isNaN(value)) {
            return 0;
        }
        return value <= 0 ? TAKEN : 0xff000000 | colour((Math.log10(value) - low) / (high - low));
    }

    /** From 0 to 1. */
    private static int colour(double share) {
        double at = Math.max(0, Math.min(1, share)) * (COLOURS.length - 1);
        int below = (int) Math.min(at, COLOURS.length - 2);
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int a = COLOURS[below] >> shift & 0xff;
            int b = COLOURS[below + 1] >> shift & 0xff;
            mixed |= (int) Math.round(a + (at - below) * (b - a)) << shift;
        }
        return mixed;
    }

    /** What the colours mean, as HTML. */
    String legend() {
        BufferedImage bar = new BufferedImage(LEGEND_STEPS, 1, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < LEGEND_STEPS; x++) {
            bar.setRGB(x, 0, colour((double) x / (LEGEND_STEPS - 1)));
        }
        StringBuilder html = new StringBuilder(String.format(Locale.ROOT,
                "<svg viewBox=\"0 0 %d 36\" role=\"img\" aria-label=\"colours of residuals from 1e%.0f to 1e%.0f\">"
                        + "<image x=\"%d\" y=\"2\" width=\"%d\" height=\"14\" preserveAspectRatio=\"none\" href=\"%s\"/>",
                BAR + 2 * MARGIN, low, high, MARGIN, BAR, Html.address(bar)));
        int step = (int) Math.max(1, Math.ceil((high - low) / 6));
        for (double power = low; power <= high; power += step) {
            html.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"31\" text-anchor=\"middle\">%s</text>",
                    MARGIN + BAR * (power - low) / (high - low), Plot.power((int) power)));
        }
        return html.append("</svg><span><i class=\"taken\"></i>exact</span><span><i></i>not measured</span>")
                .toString();
    }
}
