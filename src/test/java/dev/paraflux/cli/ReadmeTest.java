package dev.paraflux.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** What the README and its pages say is true; figures are PagesTest's. */
class ReadmeTest {
    private static final String README = read("README.md");

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The first block in the README that is marked with this language. */
    private static String block(String language) {
        Matcher matcher = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(README);
        assertTrue(matcher.find(), "the README has no block of " + language);
        return matcher.group(1);
    }

    @Test
    void itsJavaIsTheExample() {
        String example = read("examples/dev/paraflux/examples/Three.java");
        assertEquals(example.substring(example.indexOf("import ")), block("java"));
    }

    /** What it prints is held to its page by ExamplesTest. */
    @Test
    void itsJavaPrintsWhatTheExamplesPageSays() {
        String output = read("examples/README.md").replaceFirst("(?s).*```output Three\n(.*?)\n```.*", "$1");
        assertTrue(README.contains("prints `" + output + "`"), output);
    }

    @Test
    void itsPictureAndItsPagesAreThere() throws IOException {
        Matcher link = Pattern.compile("\\]\\(([^)]+)\\)").matcher(README);
        int links = 0;
        while (link.find()) {
            assertTrue(Files.exists(Path.of(link.group(1).replaceFirst("#.*", ""))), link.group(1));
            links++;
        }
        assertTrue(links > 5);
        assertEquals(5 * 112 + 4 * 2, ImageIO.read(Path.of("docs/pictures/digits.png").toFile()).getWidth());
    }

    /** Each promise says which tests hold it. */
    @Test
    void theTestsThatHoldThePromisesAreThere() throws IOException {
        Set<String> classes;
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            classes = files.map(file -> file.getFileName().toString().replaceFirst("\\.java$", ""))
                    .collect(Collectors.toSet());
        }
        String promises = read("docs/promises.md");
        String[] bullets = promises.split("\n- ");
        assertTrue(bullets.length > 20);
        for (int i = 1; i < bullets.length; i++) {
            String promise = bullets[i].split("\n\n")[0];
            Matcher tests = Pattern.compile(":((?:,?\\s+`\\w+`)+)\\.$").matcher(promise);
            assertTrue(tests.find(), "no test is named by: " + promise);
            for (String test : tests.group(1).replaceAll("[`\\s]", "").split(",")) {
                assertTrue(classes.contains(test), test);
            }
        }
    }

    /** What it depends on is something that is published, in its version. */
    @Test
    void itsCoordinatesAreThePoms() throws IOException {
        Set<String> published = new TreeSet<>();
        try (Stream<Path> poms = Files.find(Path.of("packaging"), 2, (file, all) -> file.endsWith("pom.xml"))) {
            for (Path pom : poms.toList()) {
                published.add(element(read(pom.toString()).replaceAll("(?s)<parent>.*</parent>", ""), "artifactId"));
            }
        }
        String[] dependencies = block("xml").split("</dependency>\\s*");
        for (String dependency : dependencies) {
            assertEquals("dev.paraflux", element(dependency, "groupId"));
            assertTrue(published.contains(element(dependency, "artifactId")), dependency);
            assertEquals(element(read("packaging/pom.xml"), "version"), element(dependency, "version"));
        }
    }

    private static String element(String xml, String name) {
        Matcher element = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(xml);
        assertTrue(element.find(), () -> "no " + name + " in " + xml);
        return element.group(1);
    }
}
