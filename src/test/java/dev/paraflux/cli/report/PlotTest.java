package dev.paraflux.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PlotTest {
    @Test
    void pointsLieWhereTheirLogarithmsAre() {
        Plot plot = new Plot("rounds", true);
        plot.add("a", List.of(new double[] {0, 100}, new double[] {5, 10}, new double[] {10, 1}));
        // From 62 to 508 across, and from 12 (100) down to 296 (1).
        assertTrue(plot.svg().contains("points=\"62.0,12.0 285.0,154.0 508.0,296.0 \""), plot.svg());
        assertTrue(plot.svg().contains(">100</text>") && plot.svg().contains(">1</text>"), plot.svg());
    }

    @Test
    void whatHasNoLogarithmIsLeftOut() {
        Plot plot = new Plot("rounds", true);
        plot.add("a", List.of(new double[] {1, 100}, new double[] {2, 0}, new double[] {3, Double.NaN}));
        plot.add("b", List.of(new double[] {4, 0}));
        assertTrue(plot.svg().contains("points=\"508.0,296.0 \""), plot.svg());
        assertEquals(2, plot.svg().split("<polyline", -1).length - 1);
        assertEquals(1, plot.svg().split("class=\"label", -1).length - 1);
    }

    @Test
    void namesDoNotLieOnEachOther() {
        Plot plot = new Plot("rounds", false);
        for (int k = 0; k < 6; k++) {
            plot.add("curve " + k, List.of(new double[] {0, 0}, new double[] {1, 0.001 * k}));
        }
        double[] at = Pattern.compile("class=\"label l\\d\" x=\"[\\d.]+\" y=\"([\\d.]+)\"")
                .matcher(plot.svg()).results().mapToDouble(label -> Double.parseDouble(label.group(1))).sorted()
                .toArray();
        assertEquals(6, at.length);
        for (int k = 1; k < at.length; k++) {
            assertTrue(at[k] - at[k - 1] >= 13.9, plot.svg());
        }
    }

    @Test
    void aNameIsNoMarkup() {
        Plot plot = new Plot("rounds", false);
        plot.add("<a href=\"x\">&", List.of(new double[] {1, 1}));
        assertTrue(plot.svg().contains("&lt;a href=&quot;x&quot;&gt;&amp;"), plot.svg());
    }
}
