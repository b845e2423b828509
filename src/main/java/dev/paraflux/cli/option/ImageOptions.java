package dev.paraflux.cli.option;

import dev.paraflux.Request;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.io.Npy;
import dev.paraflux.io.Picture;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.pipeline.PictureRequest;
import dev.paraflux.pipeline.Pipeline;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that begin from an image: how much of it is changed, and where. One image serves all samples. */
final class ImageOptions {
    private static final double STRENGTH_BY_DEFAULT = 0.8;
    private static final int COLOURS = 3;

    @Option(names = "--image", paramLabel = "FILE",
            description = "Begin from this image instead of from noise alone: PNG, JPEG, GIF, BMP, or .npy of [C, H, W] or"
                    + " [1, C, H, W] in the model's own range. It must have the model's size.")
    private Path imageFile;

    @Option(names = "--strength", paramLabel = "S",
            description = "How much the image is changed, above 0 to 1: the last S of the steps are taken. Default: "
                    + STRENGTH_BY_DEFAULT + ", with --mask 1.")
    private Double strength;

    @Option(names = "--mask", paramLabel = "FILE",
            description = "Paint only where this is white (1); where it is black (0) the image stays, in between they"
                    + " are blended. A picture, or .npy of [H, W], or of the image's shapes, of bools or of values 0 to 1.")
    private Path maskFile;

    private Given image;
    private Given mask;

    /** A file as it was read: one of the two is null. */
    private record Given(String option, Npy array, Picture picture) {
        static Given read(String name, Path file) throws IOException {
            if (file == null) {
                return null;
            }
            boolean array = file.toString().toLowerCase(Locale.ROOT).endsWith(".npy");
            return Typed.file(name, file, () -> new Given(name + " " + file, array ? Npy.read(file) : null,
                    array ? null : picture(file)));
        }

        private static Picture picture(Path file) throws IOException {
            try {
                return Picture.read(file);
            } catch (IllegalValueException e) {
                throw e.name().equals("format") ? e.withLegal(e.legal() + ", or a file whose name ends in .npy") : e;
            }
        }

        float[] values(int... shape) {
            int[] one = array.shape().length == shape.length + 1 ? prepend(1, shape) : shape;
            return RequestOptions.floats(option, array.requireShape(option, one));
        }

        private static int[] prepend(int first, int[] rest) {
            int[] all = new int[rest.length + 1];
            all[0] = first;
            System.arraycopy(rest, 0, all, 1, rest.length);
            return all;
        }
    }

    /** Checks what can be checked without a model, and reads the files. */
    void read() throws IOException {
        if (strength != null && imageFile == null) {
            throw new IllegalValueException("--strength", strength, "given with an --image to begin from");
        }
        if (maskFile != null && imageFile == null) {
            throw new IllegalValueException("--mask", maskFile, "given with an --image to paint in");
        }
        if (strength != null && !(strength > 0 && strength <= 1)) {
            throw new IllegalValueException("--strength", strength, "above 0, and at most 1");
        }
        image = Given.read("--image", imageFile);
        mask = Given.read("--mask", maskFile);
    }

    /** The files that are read. */
    Map<String, Path> files() {
        Map<String, Path> files = new HashMap<>();
        files.put("--image", imageFile);
        files.put("--mask", maskFile);
        return files;
    }

    /** Whether there is a mask, so that the model must paint under it. */
    boolean masked() {
        return mask != null;
    }

    /** Refuses to begin in the middle of the grid, for something that holds for all of it. */
    void requireWholeGrid(String what) {
        if (image != null && strength() < 1) {
            throw new IllegalValueException("--strength", strength(), "1 with " + what
                    + ", which is for all steps of its grid");
        }
    }

    /** The part of the grid that is taken. */
    TimeGrid shorten(TimeGrid grid, Solver solver) {
        return image == null ? grid : Typed.setting("strength", "--strength", () -> solver.end(grid, strength()));
    }

    private double strength() {
        if (strength != null) {
            return strength;
        }
        return mask == null ? STRENGTH_BY_DEFAULT : 1;
    }

    /**
     * The same requests, with the image and the mask.
     *
     * @throws IllegalValueException if these do not suit the model
     */
    List<Request> apply(List<Request> requests, ModelCard card) {
        if (image == null) {
            return requests;
        }
        float[] known = imageValues(card);
        float[] where = mask == null ? null : maskValues(card);
        // From noise alone where all is painted over: what the image says under the mask is not to be seen then.
        boolean begins = where == null || strength() < 1;
        return requests.stream().map(request -> begins ? request.withImage(known) : request)
                .map(request -> where == null ? request : request.withMask(known, where)).toList();
    }

    /**
     * The same picture, begun from the image, with the mask.
     *
     * @throws IllegalValueException if these do not suit the pipeline
     */
    PictureRequest apply(PictureRequest picture, Pipeline pipeline) {
        if (image == null) {
            return picture;
        }
        int height = pipeline.size().height();
        int width = pipeline.size().width();
        PictureRequest begun = picture.withPicture(imageValues(COLOURS, height, width), strength());
        return mask == null ? begun : begun.withMask(mask.array != null ? mask.values(height, width)
                : mask.picture.values("--mask", 1, height, width));
    }

    private float[] imageValues(ModelCard card) {
        List<Integer> shape = card.shape();
        if (shape.size() != 3) {
            throw new IllegalValueException("--image", imageFile, "left out for model " + card.name()
                    + ", whose samples are " + shape + " and no pictures");
        }
        if (image.array == null && shape.get(0) != 1 && shape.get(0) != 3) {
            throw new IllegalValueException("--image", imageFile, "a .npy file of [C, H, W], as model " + card.name()
                    + " has " + shape.get(0) + " channels");
        }
        return imageValues(shape.get(0), shape.get(1), shape.get(2));
    }

    private float[] imageValues(int channels, int height, int width) {
        if (image.array != null) {
            image.array.requireFloatingPoint(image.option);
            return image.values(channels, height, width);
        }
        float[] values = image.picture.values("--image", channels, height, width);
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * values[i] - 1;
        }
        return values;
    }

    /** A mask of one channel serves every channel. */
    private float[] maskValues(ModelCard card) {
        int channels = card.shape().get(0);
        int height = card.shape().get(1);
        int width = card.shape().get(2);
        if (mask.array != null && mask.array.shape().length != 2) {
            return mask.values(channels, height, width);
        }
        float[] one = mask.array != null ? mask.values(height, width)
                : mask.picture.values("--mask", 1, height, width);
        float[] values = new float[channels * one.length];
        for (int c = 0; c < channels; c++) {
            System.arraycopy(one, 0, values, c * one.length, one.length);
        }
        return values;
    }
}
