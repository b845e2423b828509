package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paraflux.cli.CommandRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The strip that {@code paraflux compare --strip} draws: a line of pictures for each method, with names and numbers. */
class CompareStripTest {
    private static final int STEPS = 6;
    /** A cell of the strip and the gap beside it, and with the label below. */
    private static final int CELL = 56 + 2;
    private static final int DOWN = 56 + 20;
    /** Beside it, the names: sequential has ten letters. */
    private static final int LEFT = 118 + 8;

    @TempDir
    private Path folder;
    private Path strip;

    @BeforeEach
    void nameFiles() {
        strip = folder.resolve("strip.png");
    }

    private static CommandRun compare(Object... more) {
        List<Object> arguments = new ArrayList<>(
                List.of("compare", "--threads", 1, "--steps", STEPS, "--labels", "3,8"));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray());
    }

    private static JsonNode json(Object... more) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("--json"));
        arguments.addAll(Arrays.asList(more));
        CommandRun run = compare(arguments.toArray()).requireCode(0);
        assertEquals(1, run.output().lines().count());
        return new ObjectMapper().readTree(run.output());
    }

    @Test
    void theStripHasALineOfPicturesForEachMethod() throws IOException {
        JsonNode json = json("--strip", strip, "--max-rounds", 2, "--methods", "picard");
        assertEquals("{\"sequential\":[1,2,3,4,5,6],\"picard\":[1,2]}", json.get("strip").toString());
        BufferedImage image = ImageIO.read(strip.toFile());
        assertEquals(LEFT + STEPS * CELL - 2, image.getWidth());
        assertEquals(2 * DOWN, image.getHeight());
        for (int column = 2; column < STEPS; column++) {
            for (int pixel = 0; pixel < CELL - 2; pixel++) {
                assertEquals(255, image.getRaster().getSample(LEFT + column * CELL + pixel, DOWN + pixel, 0),
                        "no picture");
            }
        }
    }

    @Test
    void theStripsLastPictureIsTheSample() throws IOException {
        compare("--strip", strip, "--strip-columns", 2, "--pixel-tolerance", 0).requireCode(0);
        Path picture = folder.resolve("sample.png");
        CommandRun.of("sample", "--threads", 1, "--steps", STEPS, "--labels", "3", "--out", picture).requireCode(0);
        BufferedImage line = ImageIO.read(strip.toFile());
        BufferedImage sample = ImageIO.read(picture.toFile());
        assertEquals(LEFT + 2 * CELL - 2, line.getWidth());
        assertEquals(6 * DOWN, line.getHeight());
        for (int method = 0; method < 6; method++) {
            for (int y = 0; y < 28; y++) {
                for (int x = 0; x < 28; x++) {
                    // Guidance and batches of other sizes round differently, and so does a tolerance.
                    assertEquals(sample.getRaster().getSample(4 * x, 4 * y, 0),
                            line.getRaster().getSample(LEFT + CELL + 2 * x, method * DOWN + 2 * y, 0), 8);
                }
            }
        }
    }

    /** Read back dot by dot: the names before the lines, and the rounds below the pictures. */
    @Test
    void theStripHasItsNamesAndNumbers() throws IOException {
        compare("--strip", strip, "--strip-columns", 2, "--methods", "srds").requireCode(0);
        BufferedImage image = ImageIO.read(strip.toFile());
        // The s of sequential begins at the left, halfway down its pictures.
        assertEquals(".....|.....|.###.|#....|.###.|....#|####.", sign(image, 0, 21));
        assertEquals(sign(image, 0, 21), sign(image, 0, DOWN + 21), "srds begins with it too");
        // A 1 below the first picture, a 6 below the last one.
        assertEquals("..#..|.##..|..#..|..#..|..#..|..#..|.###.", sign(image, LEFT + 23, 59));
        assertEquals("..##.|.#...|#....|####.|#...#|#...#|.###.", sign(image, LEFT + CELL + 23, 59));
    }

    private static String sign(BufferedImage image, int left, int top) {
        StringBuilder dots = new StringBuilder();
        for (int row = 0; row < 7; row++) {
            for (int column = 0; column < 5; column++) {
                dots.append(image.getRaster().getSample(left + 2 * column, top + 2 * row, 0) == 0 ? '#' : '.');
            }
            dots.append(row < 6 ? "|" : "");
        }
        return dots.toString();
    }

    /** The first answer comes before the sample is exact, and the picture stays until the next answer. */
    @Test
    void theStripShowsTheAnswersOfMethodsThatRefine() throws IOException {
        JsonNode json = json("--strip", strip, "--methods", "chords", "--starts", "0,0.5", "--pixel-tolerance", 0);
        assertEquals("[1,2,3,4,5,6]", json.get("strip").get("chords").toString());
        BufferedImage image = ImageIO.read(strip.toFile());
        // Six steps from step 0 and, after the round that jumps there, three from step 3: answers after 4 and 6 rounds.
        assertFalse(sameCell(image, 2, 3), "the first answer is not the state before it");
        assertTrue(sameCell(image, 3, 4), "no answer, no other picture");
        assertFalse(sameCell(image, 4, 5), "refined");
    }

    private static boolean sameCell(BufferedImage image, int column, int other) {
        for (int y = 0; y < CELL - 2; y++) {
            for (int x = 0; x < CELL - 2; x++) {
                if (image.getRaster().getSample(LEFT + column * CELL + x, DOWN + y, 0) != image.getRaster()
                        .getSample(LEFT + other * CELL + x, DOWN + y, 0)) {
                    return false;
                }
            }
        }
        return true;
    }
}
