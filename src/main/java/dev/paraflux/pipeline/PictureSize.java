package dev.paraflux.pipeline;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.io.Picture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large a picture is.
 *
 * @param width  in pixels, 1 or more
 * @param height in pixels, 1 or more
 */
public record PictureSize(int width, int height) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})x(\\d{1,6})");

    /** Checks the values. */
    public PictureSize {
        Require.atLeast(1, "width", width);
        Require.atLeast(1, "height", height);
        Require.that((long) width * height <= Picture.MAX_PIXELS, "size", width + "x" + height,
                "of at most " + Picture.MAX_PIXELS + " pixels");
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalValueException if it is another text
     */
    public static PictureSize parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalValueException("size", text, "WIDTHxHEIGHT in pixels, for example 512x512");
        }
        return new PictureSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** For example {@code 512x512}. */
    @Override
    public String toString() {
        return width + "x" + height;
    }
}
