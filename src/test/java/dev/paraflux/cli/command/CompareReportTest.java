package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paraflux.cli.Browser;
import dev.paraflux.cli.CommandRun;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.plan.SamplingPlan;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that {@code compare --report} writes. */
class CompareReportTest {
    private static final List<String> METHODS = List.of("sequential", "picard", "srds");

    @TempDir
    static Path folder;

    private static Path file;
    private static String page;
    private static BufferedImage legend;
    private static String said;

    @BeforeAll
    static void write() throws IOException {
        file = folder.resolve("report.html");
        said = CommandRun.of("compare", "--methods", "picard,srds", "--steps", 9, "--labels", "3,5", "--report", file)
                .requireCode(0).output();
        page = Files.readString(file);
        Matcher bar = Pattern.compile("colours of residuals.*?base64,([^\"]+)\"").matcher(page);
        assertTrue(bar.find());
        legend = picture(bar.group(1));
    }

    @Test
    void theCommandSaysWhereItIs() {
        assertTrue(said.endsWith(file + ": a page to look at" + System.lineSeparator()), said);
    }

    @Test
    void itAsksNobodyForAnything() {
        Browser.requireAsksNobody(page);
    }

    @Test
    void itHasTheTableThePicturesAndACurveOfEachMethod() {
        assertEquals(3 * METHODS.size(), count("<polyline class=\"s\\d\" points=\"(\\d+\\.\\d,\\d+\\.\\d ){3,}\"/>"));
        assertEquals(2 * METHODS.size(), count("<img src=\"data:image/png;base64,"));
        for (String method : METHODS) {
            assertTrue(page.contains("<tr><td>" + method + "</td>"), method);
        }
        assertTrue(page.contains("compare --methods picard,srds --steps 9 --labels 3,5"));
    }

    @Test
    void everyRoundCanBeLookedAt() throws IOException {
        Matcher frames = Pattern.compile("id=\"frames\">(.*?)</script>", Pattern.DOTALL).matcher(page);
        assertTrue(frames.find());
        List<JsonValue> methods = JsonFile.parse("{\"frames\": " + frames.group(1) + "}", "page").get("frames").list();
        assertEquals(METHODS, methods.stream().map(method -> method.get("name").text()).toList());
        JsonValue sequential = methods.get(0);
        assertEquals(9, sequential.get("rounds").list().size());
        assertEquals(9, new HashSet<>(sequential.get("pictures").list(JsonValue::text)).size());
    }

    /** Curves and maps have colours that nothing else on the page has; on dark paper curves have others. */
    @Test
    void aBrowserDrawsTheCurvesAndTheMaps() throws Exception {
        for (int width : new int[] {1280, 400}) {
            Set<Integer> colours = Browser.colours(file, width, false, folder);
            assertTrue(colours.containsAll(Set.of(0x0072b2, 0xd55e00)), "no curves at " + width + " pixels");
            assertTrue(colours.contains(0x8a8f98), "no exact rows at " + width + " pixels");
            long heat = colours.stream().filter(CompareReportTest::isHeat).count();
            assertTrue(heat > 20, "no residuals at " + width + " pixels: " + heat);
        }
        Set<Integer> dark = Browser.colours(file, 1280, true, folder);
        assertTrue(dark.containsAll(Set.of(0x56b4e9, 0xff8c42)), "no curves on dark paper");
        assertFalse(dark.contains(0xffffff) && !dark.contains(0x15181c), "no dark paper");
    }

    /** Wide things scroll by themselves. */
    @Test
    void nothingIsCutOff() throws Exception {
        for (int width : new int[] {1280, 400, 320}) {
            assertEquals("", Browser.cutOff(file, width, folder), "at " + width + " pixels");
        }
        Path wide = folder.resolve("wide.html");
        Files.writeString(wide, page.replace("<p>", "<p style=\"width: 500px\">"));
        assertTrue(Browser.cutOff(wide, 400, folder).contains("P to 516"), "what is cut off is not seen");
    }

    /** A slider, which arrow keys move, is at the first round of the longest run; each method has its strip and its line. */
    @Test
    void itsScriptShowsTheRounds() throws Exception {
        String elements = Browser.elements(file, folder);
        assertTrue(elements.contains("<input type=\"range\" id=\"round\" min=\"1\" max=\"9\" value=\"1\">"), elements);
        for (String method : METHODS) {
            assertTrue(elements.contains("<div class=\"strip\"><b>" + method + "</b><figure><img src=\"data:"),
                    elements);
            assertTrue(elements.contains("<figcaption>" + method + ", round 1</figcaption>"), elements);
        }
        assertEquals(METHODS.size(), Pattern.compile("<line class=\"now\" [^>]*x1=\"\\d").matcher(elements).results()
                .count(), elements);
    }

    /** A map a method: Picard's has residuals of every row of the first round, the others' only rows that are exact. */
    @Test
    void residualsAreMapped() throws IOException {
        Matcher maps = Pattern
                .compile("aria-label=\"residuals of 9 rows in (\\d+) rounds by (\\w+)\"><image [^>]*href=\""
                        + "data:image/png;base64,([^\"]+)\"")
                .matcher(page);
        Map<String, BufferedImage> found = new LinkedHashMap<>();
        while (maps.find()) {
            BufferedImage map = picture(maps.group(3));
            assertEquals(9, map.getHeight());
            assertEquals(Integer.parseInt(maps.group(1)), map.getWidth());
            found.put(maps.group(2), map);
        }
        assertEquals(METHODS, List.copyOf(found.keySet()));
        BufferedImage sequential = found.get("sequential");
        for (int x = 0; x < 9; x++) {
            for (int row = 1; row <= 9; row++) {
                assertEquals(row <= x + 1 ? 0xff8a8f98 : 0, sequential.getRGB(x, 9 - row), x + " " + row);
            }
        }
        for (int row = 2; row <= 9; row++) {
            assertTrue(isHeat(found.get("picard").getRGB(0, 9 - row) & 0xffffff), "row " + row);
        }
    }

    @Test
    void itSaysWhatWasAskedForAndByWhat() {
        assertTrue(page.contains("<dt>steps</dt><dd>9 of ddim (eta 0"), page);
        assertTrue(page.contains("<dt>samples</dt><dd>2</dd>"), page);
        assertTrue(page.contains("<dt>picard</dt><dd>window 100, tolerance pixels 0.03, unrolling gaussian, max rounds"
                + " no limit</dd>"), page);
        assertTrue(page.contains("<dt>Java</dt><dd>" + Runtime.version() + "</dd>"), page);
        assertFalse(page.contains("What was planned"));
    }

    @Test
    void whatWasPlannedIsShownWhereThereIsAPlanForThis() throws IOException {
        Path plan = folder.resolve("plan.json");
        CommandRun.of("plan", "--steps", 4, "--labels", "3", "--out", plan).requireCode(0);
        Path shown = folder.resolve("planned.html");
        CommandRun
                .of("compare", "--methods", "picard", "--steps", 4, "--labels", "3", "--plan", plan, "--report", shown)
                .requireCode(0);
        String text = Files.readString(shown);
        assertTrue(text.contains("<h2>What was planned</h2><p>" + SamplingPlan.read(plan).reason()), text);
        Browser.requireAsksNobody(text);
        Path none = folder.resolve("other.html");
        refused("number of steps", "compare", "--steps", 5, "--plan", plan, "--report", none);
        refused("--plan", "compare", "--steps", 4, "--plan", plan);
        refused("--report", "compare", "--steps", 4, "--plan", plan, "--report", plan);
        assertFalse(Files.exists(none));
    }

    /** Its pictures are decoded ones. */
    @Test
    void aPipelineHasAPageToo() throws IOException {
        Path pipeline = folder.resolve("pipeline.html");
        PipelineRuns.run("compare", "--prompt", "a cat's tail", "--methods", "srds", "--report", pipeline)
                .requireCode(0);
        String text = Files.readString(pipeline);
        Browser.requireAsksNobody(text);
        assertTrue(text.contains("residuals of 10 rows in 10 rounds by sequential"), text);
        assertTrue(text.contains(" --prompt 'a cat'\\''s tail' --methods srds "), text);
    }

    @Test
    void whatCannotBeIsRefusedBeforeAnyWork() {
        refused("--report", "compare", "--report", folder.resolve("report.txt"));
        refused("--report", "compare", "--report", folder.resolve("none/report.html"));
        refused("--beside", "compare", "--report", folder.resolve("a.html"), "--beside", "bfloat16");
        assertFalse(Files.exists(folder.resolve("a.html")));
    }

    private static void refused(String begin, Object... arguments) {
        CommandRun run = CommandRun.of(arguments).requireCode(2);
        assertTrue(run.errors().startsWith("paraflux: " + begin), run.errors());
    }

    private static long count(String pattern) {
        return Pattern.compile(pattern).matcher(page).results().count();
    }

    /** Whether a colour is one of the legend's, or between two. */
    private static boolean isHeat(int colour) {
        for (int x = 0; x < legend.getWidth(); x++) {
            int other = legend.getRGB(x, 0);
            if (Math.abs((colour >> 16) - (other >> 16 & 0xff)) < 4
                    && Math.abs((colour >> 8 & 0xff) - (other >> 8 & 0xff)) < 4
                    && Math.abs((colour & 0xff) - (other & 0xff)) < 4) {
                return true;
            }
        }
        return false;
    }

    private static BufferedImage picture(String base64) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
    }
}
