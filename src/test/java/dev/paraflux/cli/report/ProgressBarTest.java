package dev.paraflux.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sampler;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    @Test
    void timesAreWholeSecondsOrMinutes() {
        assertEquals("1 s", ProgressBar.time(0.2));
        assertEquals("89 s", ProgressBar.time(88.5));
        assertEquals("2 min", ProgressBar.time(100));
    }

    /** A model of 0.25 s a call: after a second it is known what 8 rows take. */
    @Test
    void whatIsLeftIsSaidOnceItIsKnown() {
        StringWriter terminal = new StringWriter();
        System.setProperty("paraflux.terminal", "true");
        try (Sampler sampler = Sampler.builder(TestDenoisers.bent(8).beforeCall(batch -> {
            try {
                Thread.sleep(250);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }), TestGrids.linear(8)).build(); ProgressBar bar = new ProgressBar(new PrintWriter(terminal), "a digit, ")) {
            sampler.sample(List.of(Request.seed(1)), RunOptions.defaults().withListener(bar));
        } finally {
            System.clearProperty("paraflux.terminal");
        }
        List<String> drawn = List.of(terminal.toString().split("\r"));
        assertTrue(drawn.stream().anyMatch(line -> line.startsWith("[" + "#".repeat(5) + " ".repeat(35)
                + "] a digit, round 1, 1 of 8 rows final")), drawn::toString);
        assertTrue(drawn.stream().filter(line -> line.contains("left")).count() >= 2, drawn::toString);
        assertTrue(Pattern.compile("round 6, 6 of 8 rows final, about \\d+ s left").matcher(terminal.toString()).find(),
                drawn::toString);
        assertTrue(drawn.get(drawn.size() - 1).strip().endsWith("round 8, 8 of 8 rows final"), drawn::toString);
    }
}
