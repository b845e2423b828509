package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.cli.CommandRun;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.io.Npy;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code paraflux sample} and {@code compare} from an image, and under a mask. */
class SampleImageTest {
    private static final int SIDE = 28;
    private static final int DIM = SIDE * SIDE;

    @TempDir
    private Path folder;
    private Path picture;
    private Path array;
    private Path mask;
    private float[] values;

    /** An image of 8-bit greys, as a picture and as an array; the mask's lower half is white. */
    @BeforeEach
    void writeFiles() throws IOException {
        picture = folder.resolve("image.png");
        array = folder.resolve("image.npy");
        mask = folder.resolve("mask.png");
        values = new float[DIM];
        float[] lower = new float[DIM];
        for (int i = 0; i < DIM; i++) {
            values[i] = 2 * ((i * 37 & 255) / 255f) - 1;
            lower[i] = i < DIM / 2 ? -1 : 1;
        }
        new ImageGrid(1, SIDE, SIDE, 1, 1).write(picture, values);
        new ImageGrid(1, SIDE, SIDE, 1, 1).write(mask, lower);
        Npy.write(array, values, 1, SIDE, SIDE);
    }

    private CommandRun sample(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("sample", "--threads", 1, "--steps", 5, "--out",
                folder.resolve("out.png"), "--save", folder.resolve("out.npy")));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray());
    }

    private float[] saved(Object... more) throws IOException {
        sample(more).requireCode(0);
        return Npy.read(folder.resolve("out.npy")).toFloats();
    }

    private void requireRefusal(String message, Object... arguments) {
        sample(arguments).requireRefusal(2, message);
        assertFalse(Files.exists(folder.resolve("out.npy")));
    }

    @ParameterizedTest
    @CsvSource({"0.2, 1", "0.6, 3", "0.79, 3", "1, 5"})
    void strengthIsTheShareOfTheStepsThatAreTaken(double strength, int rounds) {
        CommandRun run = sample("--labels", "3,8", "--image", picture, "--strength", strength).requireCode(0);
        assertTrue(run.output().contains(": 2 samples, " + rounds + (rounds == 1 ? " round, " : " rounds, ")),
                run.output());
    }

    @Test
    void strengthIsFourFifthsUnlessItIsGiven() throws IOException {
        assertArrayEquals(saved("--labels", 3, "--image", picture, "--strength", 0.8),
                saved("--labels", 3, "--image", picture));
    }

    @Test
    void aPictureAndAnArrayOfItAreTheSameImage() throws IOException {
        float[] fromPicture = saved("--labels", "3,8", "--image", picture, "--strength", 0.6);
        assertArrayEquals(fromPicture, saved("--labels", "3,8", "--image", array, "--strength", 0.6));
        Npy.write(array, values, 1, 1, SIDE, SIDE);
        assertArrayEquals(fromPicture, saved("--labels", "3,8", "--image", array, "--strength", 0.6));
    }

    /** In and out: where the mask is black, the pixels that come out are those that went in. */
    @ParameterizedTest
    @ValueSource(strings = {"sequential", "picard", "parataa", "sparse", "srds", "chords"})
    void theImageStaysWhereTheMaskIsBlack(String method) throws IOException {
        float[] found = saved("--labels", "3,8", "--image", picture, "--mask", mask, "--method", method);
        BufferedImage out = ImageIO.read(folder.resolve("out.png").toFile());
        BufferedImage in = ImageIO.read(picture.toFile());
        for (int sample = 0; sample < 2; sample++) {
            for (int i = 0; i < DIM / 2; i++) {
                assertEquals(values[i], found[sample * DIM + i], 1e-4, method + ", pixel " + i);
                assertEquals(in.getRaster().getSample(i % SIDE, i / SIDE, 0),
                        out.getRaster().getSample(sample * 114 + i % SIDE * 4, i / SIDE * 4, 0));
            }
        }
        assertFalse(Arrays.equals(Arrays.copyOfRange(values, DIM / 2, DIM), Arrays.copyOfRange(found, DIM / 2, DIM)),
                "the rest is painted");
    }

    @Test
    void masksMayBeArrays() throws IOException {
        float[] expected = saved("--labels", 3, "--image", picture, "--mask", mask, "--strength", 0.6);
        float[] lower = new float[DIM];
        Arrays.fill(lower, DIM / 2, DIM, 1);
        Path file = folder.resolve("mask.npy");
        for (int[] shape : new int[][] {{SIDE, SIDE}, {1, SIDE, SIDE}, {1, 1, SIDE, SIDE}}) {
            Npy.write(file, lower, shape);
            assertArrayEquals(expected, saved("--labels", 3, "--image", picture, "--mask", file, "--strength", 0.6));
        }
    }

    /** All of it is painted over, from noise: the plain sample, told in other words. */
    @Test
    void aWhiteMaskIsAPlainSample() throws IOException {
        float[] ones = new float[DIM];
        Arrays.fill(ones, 1);
        Path file = folder.resolve("mask.npy");
        Npy.write(file, ones, SIDE, SIDE);
        assertArrayEquals(saved("--labels", 3), saved("--labels", 3, "--image", picture, "--mask", file), 1e-3f);
    }

    @Test
    void compareTakesThemToo() {
        CommandRun run = CommandRun.of("compare", "--threads", 1, "--steps", 5, "--labels", 3, "--methods", "parataa",
                "--image", picture, "--mask", mask, "--strength", 0.6).requireCode(0);
        assertTrue(run.output().contains("sequential         3             3"), run.output());
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        requireRefusal("--strength 0.5: must be given with an --image to begin from", "--strength", 0.5, "--model",
                "no.pt");
        requireRefusal("--mask " + mask + ": must be given with an --image to paint in", "--mask", mask, "--model",
                "no.pt");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0    | --strength 0.0: must be above 0, and at most 1
            1.01 | --strength 1.01: must be above 0, and at most 1
            NaN  | --strength NaN: must be above 0, and at most 1
            """)
    void strengthsOutOfRangeAreRefused(String strength, String message) {
        requireRefusal(message, "--image", picture, "--strength", strength);
    }

    @Test
    void anotherSizeIsRefused() throws IOException {
        Path wide = folder.resolve("wide.png");
        new ImageGrid(1, SIDE, 2 * SIDE, 1, 1).write(wide, new float[2 * DIM]);
        requireRefusal("--image " + wide + ": size 56 x 28: must be 28 x 28 pixels", "--image", wide);
        requireRefusal("--mask " + wide + ": size 56 x 28: must be 28 x 28 pixels", "--image", picture, "--mask", wide);
        Npy.write(array, new float[2 * DIM], 2, 1, SIDE, SIDE);
        requireRefusal("--image " + array + ": shape [2, 1, 28, 28]: must be [1, 1, 28, 28]", "--image", array);
        Npy.write(array, new float[2 * DIM], SIDE, 2 * SIDE);
        requireRefusal("--mask " + array + ": shape [28, 56]: must be [28, 28]", "--image", picture, "--mask",
                array);
    }

    @Test
    void valuesOutOfRangeAreRefused() throws IOException {
        values[5] = Float.NaN;
        Npy.write(array, values, 1, SIDE, SIDE);
        requireRefusal("--image " + array + ": value[5] NaN: must be finite", "--image", array);
        values[5] = -0.5f;
        Npy.write(array, values, 1, SIDE, SIDE);
        requireRefusal("mask[", "--image", picture, "--mask", array);
    }

    @Test
    void whatIsNoPictureIsRefusedBeforeTheModelIsLoaded() throws IOException {
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");
        requireRefusal(text + ": format unknown: must be PNG, JPEG, GIF or BMP, or a file whose name ends in .npy",
                "--image", text, "--model", "no.pt");
        requireRefusal("no.png: no such file", "--image", folder.resolve("no.png"), "--model", "no.pt");
        requireRefusal("no.npy: no such file", "--image", picture, "--mask", folder.resolve("no.npy"));
    }

    @Test
    void rowNoiseIsForTheStepsTaken() throws IOException {
        Path noise = folder.resolve("noise.npy");
        Npy.write(noise, new float[3 * DIM], 3, 1, SIDE, SIDE);
        sample("--labels", 3, "--image", picture, "--strength", 0.6, "--eta", 1, "--row-noise", noise).requireCode(0);
    }
}
