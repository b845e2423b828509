package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.cli.Browser;
import dev.paraflux.cli.CommandRun;
import dev.paraflux.iia.IiaCoefficients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that {@code fit --report} writes. */
class FitReportPageTest {
    private static final int STEPS = 5;

    @TempDir
    static Path folder;

    private static Path file;
    private static String page;
    private static IiaCoefficients found;

    @BeforeAll
    static void fit() throws IOException {
        file = folder.resolve("fit.html");
        Path coefficients = folder.resolve("fit.json");
        String said = CommandRun.of("fit", "--steps", STEPS, "--samples", 8, "--held-out", 4, "--fine", 3, "--vectors",
                "noise,evaluations", "--history", 0, "--out", coefficients, "--report", file).requireCode(0).output();
        assertTrue(said.endsWith(file + ": a page to look at" + System.lineSeparator()), said);
        page = Files.readString(file);
        found = IiaCoefficients.read(coefficients);
    }

    @Test
    void itAsksNobodyForAnything() {
        Browser.requireAsksNobody(page);
    }

    @Test
    void itSaysWhatEachStepGained() {
        for (int i = 0; i < STEPS; i++) {
            IiaCoefficients.Step step = found.steps().get(i);
            String line = String.format(Locale.ROOT, "<tr><td>%d</td><td>%s</td><td>%d</td><td>%d</td><td>%.5f</td>"
                    + "<td>%.5f</td>", i + 1, step.kept() ? "yes" : "no", step.factors().size(), step.rank(),
                    step.errorBefore(), step.errorAfter());
            assertTrue(page.contains(line), line + " is not in " + page);
        }
        assertEquals(STEPS, Pattern.compile("<rect class=\"bar").matcher(page).results().count());
        assertTrue(page.contains("<h2>What was tried</h2>") && page.contains("noise"), page);
        assertTrue(page.contains("<dt>held out</dt><dd>4 samples</dd>"), page);
    }

    @Test
    void aBrowserDrawsTheCurvesAndTheBars() throws Exception {
        for (int width : new int[] {1280, 400}) {
            assertTrue(Browser.colours(file, width, false, folder).contains(0x0072b2), "nothing at " + width);
        }
    }

    @Test
    void whatCannotBeWrittenIsRefusedBeforeAnyWork() {
        Path out = folder.resolve("none.json");
        for (Path bad : new Path[] {folder.resolve("fit.txt"), folder.resolve("none/fit.html"), folder}) {
            CommandRun run = CommandRun.of("fit", "--out", out, "--report", bad).requireCode(2);
            assertTrue(run.errors().startsWith("paraflux: --report"), run.errors());
        }
        assertFalse(Files.exists(out));
    }
}
