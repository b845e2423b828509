package dev.paraflux.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.io.Npy;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** The pipelines of the tests, and what diffusers draws with them. */
public final class TinyPipelines {
    public static final String PROMPT = "a red square, high quality";
    public static final String NEGATIVE = "blurry, low quality";
    static final String SECOND = "two small green circles";
    static final int STEPS = 10;
    static final long SEED = 5;

    private TinyPipelines() {}

    /** A folder or a file among them. */
    public static Path path(String name) {
        try {
            return Path.of(TinyPipelines.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** A copy of a folder that a test may change. */
    static Path copy(String name, Path into) throws IOException {
        Path from = path(name);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path to = into.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
        return into;
    }

    /** A pipeline with another UNet among the parts of the plain one: of sd-inpaint, or of sd-lcm. */
    public static Path withUnet(String name, Path into) throws IOException {
        copy("sd", into);
        Path from = path(name);
        for (String file : List.of("model_index.json", "unet/config.json", "unet/model.onnx")) {
            Files.copy(from.resolve(file), into.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        return into;
    }

    static PictureRequest asked() {
        return PictureRequest.of(PROMPT).without(NEGATIVE).withSeed(SEED);
    }

    /** The picture that golds begin from, [3, height, width], -1 to 1. */
    static float[] picture() throws IOException {
        float[] pixels = Npy.read(path("sd-gold/picture.npy")).toFloats();
        float[] picture = new float[pixels.length];
        for (int i = 0; i < picture.length; i++) {
            int plane = picture.length / 3;
            picture[i] = 2 * (pixels[i % plane * 3 + i / plane] / 255) - 1;
        }
        return picture;
    }

    /** Where they paint it, [height, width], 0 or 1. */
    static float[] mask() throws IOException {
        float[] mask = Npy.read(path("sd-gold/mask.npy")).toFloats();
        for (int i = 0; i < mask.length; i++) {
            mask[i] /= 255;
        }
        return mask;
    }

    /** Of a gold: latents of one of its pictures. */
    static float[] latents(String gold, int number, int dim) throws IOException {
        float[] all = Npy.read(path(gold + ".latents.npy")).toFloats();
        float[] one = new float[dim];
        System.arraycopy(all, number * dim, one, 0, dim);
        return one;
    }

    /** How far pixels [3, height, width], -1 to 1, are from one of a gold's, in steps of 0 to 255. */
    static double pixelDifference(String gold, int number, float[] pixels) throws IOException {
        float[] all = Npy.read(path(gold + ".pictures.npy")).toFloats();
        int plane = pixels.length / 3;
        double worst = 0;
        for (int i = 0; i < pixels.length; i++) {
            double wanted = all[number * pixels.length + i % plane * 3 + i / plane];
            worst = Math.max(worst, 255 * Math.abs((pixels[i] + 1) / 2 - wanted));
        }
        return worst;
    }

    /** Holds the latents that were drawn to those of one of a gold's pictures. */
    static void assertLatents(String gold, int number, double tolerance, DrawnPicture drawn) throws IOException {
        float[] found = drawn.latents();
        assertEquals(0, difference(latents(gold, number, found.length), found), tolerance, gold);
    }

    static double difference(float[] one, float[] other) {
        double worst = one.length == other.length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(one.length, other.length); i++) {
            worst = Math.max(worst, Math.abs(one[i] - other[i]));
        }
        return worst;
    }
}
