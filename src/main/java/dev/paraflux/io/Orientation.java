package dev.paraflux.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How the pixels of a picture lie, which a camera writes beside them: picture programs turn them before they show them.
 *
 * <p>Source: Exif 2.32, tag 274.
 *
 * @param transposed  rows are columns
 * @param fromRight   each row of pixels begins at the right, seen before transposing
 * @param fromBottom  the first row is the lowest, seen before transposing
 */
record Orientation(boolean transposed, boolean fromRight, boolean fromBottom) {
    private static final Orientation UPRIGHT = new Orientation(false, false, false);
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int TAG = 274;
    private static final int SHORT = 3;
    private static final int ENTRY_BYTES = 12;

    /** The orientation with a number of Exif; upright for a number that it does not have. */
    static Orientation of(int number) {
        return switch (number) {
            case 2 -> new Orientation(false, true, false);
            case 3 -> new Orientation(false, true, true);
            case 4 -> new Orientation(false, false, true);
            case 5 -> new Orientation(true, false, false);
            case 6 -> new Orientation(true, false, true);
            case 7 -> new Orientation(true, true, true);
            case 8 -> new Orientation(true, true, false);
            default -> UPRIGHT;
        };
    }

    /** What a file says; upright if it says nothing, or nothing that can be read. */
    static Orientation read(byte[] file, PictureFormat format) throws IOException {
        return switch (format) {
            case PNG -> ofTiff(PngChunks.find(file, "eXIf"));
            case JPEG -> ofTiff(jpegExif(file));
            default -> UPRIGHT;
        };
    }

    /** The Exif segment among those before the pixels. */
    private static byte[] jpegExif(byte[] file) {
        int at = 2;
        while (at + 4 <= file.length && (file[at] & 0xff) == 0xff) {
            int marker = file[at + 1] & 0xff;
            if (marker == 0xff) {
                at++;
                continue;
            }
            int length = (file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff;
            int end = at + 2 + length;
            if (marker == 0xda || marker == 0xd9 || length < 2 || end > file.length) {
                return null;
            }
            int data = at + 4;
            if (marker == 0xe1 && end - data >= EXIF.length
                    && Arrays.equals(file, data, data + EXIF.length, EXIF, 0, EXIF.length)) {
                return Arrays.copyOfRange(file, data + EXIF.length, end);
            }
            at = end;
        }
        return null;
    }

    /** Exif is a TIFF file without an image: a header, and a list of entries with a tag each. */
    private static Orientation ofTiff(byte[] exif) {
        if (exif == null || exif.length < 8) {
            return UPRIGHT;
        }
        ByteBuffer tiff = ByteBuffer.wrap(exif).order(exif[0] == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int list = tiff.getInt(4);
        if (tiff.getShort(2) != 42 || list < 8 || list > exif.length - 2) {
            return UPRIGHT;
        }
        int entries = tiff.getShort(list) & 0xffff;
        for (int i = 0; i < entries && list + 2 + (i + 1) * ENTRY_BYTES <= exif.length; i++) {
            int entry = list + 2 + i * ENTRY_BYTES;
            if ((tiff.getShort(entry) & 0xffff) == TAG && tiff.getShort(entry + 2) == SHORT) {
                return of(tiff.getShort(entry + 8));
            }
        }
        return UPRIGHT;
    }

    /** The width as shown, of pixels that lie so. */
    int width(int width, int height) {
        return transposed ? height : width;
    }

    /** The height as shown. */
    int height(int width, int height) {
        return transposed ? width : height;
    }

    /** The pixels as shown, row by row. */
    float[] upright(float[] pixels, int width, int height) {
        if (equals(UPRIGHT)) {
            return pixels;
        }
        float[] shown = new float[pixels.length];
        int shownWidth = width(width, height);
        for (int i = 0; i < shown.length; i++) {
            int x = transposed ? i / shownWidth : i % shownWidth;
            int y = transposed ? i % shownWidth : i / shownWidth;
            shown[i] = pixels[(fromBottom ? height - 1 - y : y) * width + (fromRight ? width - 1 - x : x)];
        }
        return shown;
    }
}
