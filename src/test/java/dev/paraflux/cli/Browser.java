package dev.paraflux.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/** Draws pages by a headless Chromium; tests that need one are skipped where there is none. */
public final class Browser {
    private Browser() {}

    /**
     * The colours that a page has, as red, green and blue, in a frame of this width, on light or dark paper: windows are
     * 500 pixels wide at least.
     */
    public static Set<Integer> colours(Path page, int width, boolean dark, Path folder) throws Exception {
        Path picture = folder.resolve(width + (dark ? "-dark.png" : ".png"));
        run(framed(page, width, "", folder), folder, "--screenshot=" + picture,
                "--window-size=" + Math.max(500, width) + ",4000",
                dark ? "--blink-settings=preferredColorScheme=0" : "--blink-settings=preferredColorScheme=1");
        BufferedImage image = ImageIO.read(picture.toFile());
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colours.add(image.getRGB(x, y) & 0xffffff);
            }
        }
        return colours;
    }

    /** What is to the right of a frame of this width, and can be brought there by no scroll bar: elements, with their ends. */
    public static String cutOff(Path page, int width, Path folder) throws Exception {
        Path probe = folder.resolve("probe.html");
        Files.writeString(probe, Files.readString(page).replace("</body>", """
                <script>
                function scrolls(element) {
                  for (let box = element.parentElement; box; box = box.parentElement)
                    if (['auto', 'scroll'].includes(getComputedStyle(box).overflowX)) return true;
                  return false;
                }
                const out = [...document.body.querySelectorAll('*')].filter(element => !scrolls(element)
                    && element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5);
                parent.postMessage(innerWidth + ': ' + out.map(element => element.tagName + ' to '
                    + element.getBoundingClientRect().right).join(', '), '*');
                </script></body>"""));
        String elements = elements(framed(probe, width, """
                <script>onmessage = event => document.body.append('[' + event.data + ']')</script>""", folder), folder);
        Matcher said = Pattern.compile("\\[" + width + ": (.*?)\\]").matcher(elements);
        assertTrue(said.find(), elements);
        return said.group(1);
    }

    private static Path framed(Path page, int width, String script, Path folder) throws IOException {
        return Files.writeString(folder.resolve("frame.html"), """
                <!doctype html><meta name="color-scheme" content="light dark"><body style="margin: 0">%s
                <iframe src="%s" style="border: 0; width: %dpx; height: 4000px"></iframe></body>
                """.formatted(script, page.toUri(), width));
    }

    /** A page's elements once its script has run. */
    public static String elements(Path page, Path folder) throws Exception {
        run(page, folder, "--dump-dom");
        return Files.readString(folder.resolve("browser.log"));
    }

    private static void run(Path page, Path folder, String... options) throws Exception {
        String browser = List.of("chromium", "chromium-browser", "google-chrome").stream()
                .filter(name -> List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                        .anyMatch(path -> Files.isExecutable(Path.of(path, name))))
                .findFirst().orElse(null);
        assumeTrue(browser != null, "there is no Chromium here");
        List<String> words = new ArrayList<>(List.of(browser, "--headless", "--no-sandbox", "--disable-gpu",
                "--user-data-dir=" + folder.resolve("browser")));
        words.addAll(List.of(options));
        words.add(page.toUri().toString());
        Process process = new ProcessBuilder(words).redirectErrorStream(true)
                .redirectOutput(folder.resolve("browser.log").toFile()).start();
        assertTrue(process.waitFor(180, TimeUnit.SECONDS), "the browser does not end");
    }

    /** Fails where a page names anything that is not in it. */
    public static void requireAsksNobody(String page) {
        assertTrue(page.contains("default-src 'none'"));
        assertTrue(!page.matches("(?s).*(https?:|<link|@import|url\\(|(src|href)=\"(?!data:)).*"), "an address");
        assertTrue(!page.contains("${"), "a hole");
    }
}
