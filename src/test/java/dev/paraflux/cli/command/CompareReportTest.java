package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paraflux.cli.CommandRun;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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

    @BeforeAll
    static void write() throws IOException {
        file = folder.resolve("report.html");
        CommandRun.of("compare", "--methods", "picard,srds", "--steps", 9, "--labels", "3,5", "--report", file)
                .requireCode(0);
        page = Files.readString(file);
    }

    @Test
    void itAsksNobodyForAnything() {
        assertFalse(page.matches("(?s).*(https?:|<link|@import|url\\(|src=\"(?!data:)).*"), "an address");
        assertFalse(page.contains("${"));
        assertTrue(page.contains("default-src 'none'"));
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

    /** Curves have colours that nothing else on the page has. */
    @Test
    void aBrowserDrawsTheCurves() throws Exception {
        String browser = List.of("chromium", "chromium-browser", "google-chrome").stream()
                .filter(name -> List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                        .anyMatch(path -> Files.isExecutable(Path.of(path, name))))
                .findFirst().orElse(null);
        assumeTrue(browser != null, "there is no Chromium here");
        for (int width : new int[] {1280, 400}) {
            Path picture = folder.resolve(width + ".png");
            Process process = new ProcessBuilder(browser, "--headless", "--no-sandbox", "--disable-gpu",
                    "--user-data-dir=" + folder.resolve("browser"), "--screenshot=" + picture,
                    "--window-size=" + width + ",3000", file.toUri().toString()).redirectErrorStream(true)
                    .redirectOutput(folder.resolve("browser.log").toFile()).start();
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the browser does not end");
            BufferedImage image = ImageIO.read(picture.toFile());
            Set<Integer> colours = new HashSet<>();
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < image.getWidth(); x++) {
                    colours.add(image.getRGB(x, y) & 0xffffff);
                }
            }
            assertTrue(colours.contains(0x0072b2) && colours.contains(0xd55e00), "no curves at " + width + " pixels");
        }
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
}
