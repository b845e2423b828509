package dev.paraflux.benchmarks.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.benchmarks.figures.Measured.Purpose;
import dev.paraflux.benchmarks.figures.Measured.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of README and docs are those of the files that the benchmarks wrote. */
class PagesTest {
    private static final Path ROOT = Path.of("");
    private static final Path RESULTS = Path.of("benchmarks", "results");

    @TempDir
    private Path folder;

    @Test
    void everyFigureOfThePagesIsTheFiles() throws IOException {
        Pages pages = new Pages(RESULTS);
        for (Path page : Pages.pages(ROOT)) {
            String text = Files.readString(page);
            assertEquals(pages.filled(text), text, page + ": run benchmarks/run pages");
        }
        assertEquals(pages.summary(), Files.readString(RESULTS.resolve("README.md")), "run benchmarks/run pages");
    }

    @Test
    void theReadmeHasItsFiguresFromThem() throws IOException {
        assertTrue(Pages.marks(Files.readString(Path.of("README.md"))) > 5);
    }

    /** Else it would stand there for ever, whatever was measured. */
    @Test
    void noMarkIsMisspelt() throws IOException {
        String list = Files.readString(Path.of("benchmarks", "README.md"));
        for (Path page : Pages.pages(ROOT)) {
            String text = Files.readString(page);
            long begun = Pattern.compile("<!--\\s*(from|table|run|end)\\b(?! of)").matcher(text).results().count();
            assertEquals(2 * Pages.marks(text), begun, page + " has a mark that is not whole");
            for (String name : Pages.names(text)) {
                assertTrue(list.contains("`" + name + "`"),
                        page + " wants " + name + ", which benchmarks/README.md does not list");
            }
        }
    }

    private Pages written() throws IOException {
        Measured measured = new Measured(new Purpose("wall", "what", "hazard", "baseline", "limit", "command"),
                new Run("2026-11-26", "abc", "a machine", "17", "0.1 to 0.2", 3),
                List.of("N", "method", "speed-up", "spread"),
                List.of(List.of("100", "srds", "2.50", "1 (2)"), List.of("1000", "srds", "7.80", "-3.0")),
                List.of("a note"));
        measured.write(folder);
        assertEquals(measured, Measured.read(folder.resolve("wall.json")));
        return new Pages(folder);
    }

    @Test
    void aCellIsAsManyDigitsAsWerePrinted() throws IOException {
        assertEquals("x <!--from wall; 100; srds; speed-up-->2.50<!--end--> y",
                written().filled("x <!--from wall; 100; srds; speed-up-->9<!--end--> y"));
        assertTrue(Files.readString(folder.resolve("wall.json")).contains("2.50,"));
    }

    @Test
    void aTableHasTheColumnsThatAreNamed() throws IOException {
        assertEquals("""
                <!--table wall; method; N-->

                | method | N |
                |---|---|
                | srds | 100 |
                | srds | 1000 |

                <!--end-->""", written().filled("<!--table wall; method; N--> old <!--end-->"));
    }

    @Test
    void theRunIsALine() throws IOException {
        assertEquals("<!--run wall-->2026-11-26, commit abc, a machine, JDK 17, load average 0.1 to 0.2, 3 s<!--end-->",
                written().filled("<!--run wall--><!--end-->"));
    }

    @Test
    void whatWasNotMeasuredSaysSo() throws IOException {
        for (String address : new String[] {"from wall; 5; speed-up", "from walls; 100; N", "table walls",
                "run walls"}) {
            assertEquals("<!--" + address + "-->" + Pages.NONE + "<!--end-->",
                    written().filled("<!--" + address + "-->4<!--end-->"));
        }
    }

    @Test
    void aColumnThatThereIsNotIsAnError() throws IOException {
        Pages pages = written();
        assertThrows(IllegalStateException.class, () -> pages.filled("<!--from wall; 100; M-->1<!--end-->"));
        assertThrows(IllegalStateException.class, () -> pages.filled("<!--table wall; M--><!--end-->"));
    }
}
