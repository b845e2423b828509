package dev.paraflux.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/**
 * An array of a NumPy {@code .npy} file: little-endian float32, float64, int32 or int64 in C order. Use it to exchange
 * samples, noise and labels with Python.
 *
 * <p>Immutable. Versions 1, 2 and 3 of the format are read, version 1 is written.
 */
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST_HEADER = 0xffff;
    /** NumPy's own limit before its version 2. */
    private static final int MOST_SIZES = 32;

    private enum Element {
        F4(4), F8(8), I4(4), I8(8);

        final int bytes;

        Element(int bytes) {
            this.bytes = bytes;
        }
    }

    private final int[] shape;
    private final Element element;
    private final ByteBuffer data;

    private Npy(int[] shape, Element element, ByteBuffer data) {
        this.shape = shape;
        this.element = element;
        this.data = data;
    }

    /**
     * Reads a file. Memory is taken only after the file was found to be as long as its shape says.
     *
     * @throws IOException with the path, what was found and what is legal: no such file, not a {@code .npy} file,
     *                     truncated or too long, big-endian, Fortran order, objects or another element type,
     *                     more than 2 GiB
     */
    public static Npy read(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return read(in, Files.size(path));
        } catch (IOException e) {
            throw new IOException(path + ": " + AtomicFile.reason(e, path), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /** Reads a stream of that many bytes; what is wrong with its content is an IllegalArgumentException. */
    private static Npy read(InputStream in, long fileBytes) throws IOException {
        ByteBuffer start = ByteBuffer.wrap(in.readNBytes(8)).order(ByteOrder.LITTLE_ENDIAN);
        if (start.limit() < 8 || !Arrays.equals(start.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IllegalArgumentException("not a .npy file: it does not begin with \\x93NUMPY and a version");
        }
        int version = start.get(6);
        if (version < 1 || version > 3) {
            throw new IllegalArgumentException("version " + version + " of the .npy format, legal: 1, 2, 3");
        }
        int lengthBytes = version == 1 ? 2 : 4;
        ByteBuffer length = ByteBuffer.wrap(Arrays.copyOf(in.readNBytes(lengthBytes), 4));
        long headerBytes = Integer.toUnsignedLong(length.order(ByteOrder.LITTLE_ENDIAN).getInt());
        long dataStart = 8 + lengthBytes + headerBytes;
        if (headerBytes > LONGEST_HEADER || dataStart > fileBytes) {
            throw new IllegalArgumentException("a header of " + headerBytes + " bytes in a file of " + fileBytes
                    + " bytes, legal: what the file holds, at most " + LONGEST_HEADER);
        }
        NpyHeader header = NpyHeader.parse(new String(in.readNBytes((int) headerBytes), StandardCharsets.UTF_8));
        Element element = element(header);
        long dataBytes = dataBytes(header.shape(), element);
        if (fileBytes - dataStart != dataBytes) {
            throw new IllegalArgumentException((fileBytes - dataStart < dataBytes ? "truncated: " : "too long: ")
                    + (fileBytes - dataStart) + " bytes of data, shape " + Arrays.toString(header.shape()) + " of '"
                    + header.descr() + "' needs " + dataBytes);
        }
        byte[] data = in.readNBytes((int) dataBytes);
        if (data.length != dataBytes) {
            throw new IllegalArgumentException("the file shrank while it was read");
        }
        return new Npy(header.shape(), element, ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static Element element(NpyHeader header) {
        if (header.fortranOrder()) {
            throw new IllegalArgumentException(
                    "the array is in Fortran order, legal: C order (save numpy.ascontiguousarray(array))");
        }
        return switch (header.descr()) {
            case "<f4" -> Element.F4;
            case "<f8" -> Element.F8;
            case "<i4" -> Element.I4;
            case "<i8" -> Element.I8;
            default -> {
                String kind = header.descr().startsWith(">") ? " (big-endian)"
                        : header.descr().endsWith("O") ? " (Python objects)" : "";
                throw new IllegalArgumentException(
                        "elements of type '" + header.descr() + "'" + kind + ", legal: '<f4', '<f8', '<i4', '<i8'");
            }
        };
    }

    private static long dataBytes(int[] shape, Element element) {
        long bytes = element.bytes * product(shape);
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " needs 2 GiB or more, legal: less");
        }
        return bytes;
    }

    /** The product of sizes from 0, or 2^31 if it is more. */
    private static long product(int[] shape) {
        long product = 1;
        for (int size : shape) {
            product = Math.min(product * size, 1L << 31);
        }
        return product;
    }

    /**
     * Writes float32 values, all of the file or nothing.
     *
     * @param path   see {@link AtomicFile#write}
     * @param values in C order
     * @param shape  at most 32 sizes from 0 whose product is the number of values; none for a scalar
     * @throws IOException              with the path and the reason
     * @throws IllegalArgumentException if the shape does not fit the values
     */
    public static void write(Path path, float[] values, int... shape) throws IOException {
        boolean negative = Arrays.stream(shape).anyMatch(size -> size < 0);
        if (negative || product(shape) != values.length || shape.length > MOST_SIZES) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " for " + values.length
                    + " values, legal: at most " + MOST_SIZES + " sizes from 0 whose product is " + values.length);
        }
        String header = new NpyHeader("<f4", false, shape.clone()).toString();
        int headerBytes = (10 + header.length() + 1 + 63) / 64 * 64 - 10;
        ByteBuffer start = ByteBuffer.allocate(10 + headerBytes).order(ByteOrder.LITTLE_ENDIAN);
        start.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) headerBytes);
        start.put((header + " ".repeat(headerBytes - header.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII));
        AtomicFile.write(path, out -> {
            out.write(start.array());
            ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < values.length; i += chunk.capacity() / 4) {
                int length = Math.min(chunk.capacity() / 4, values.length - i);
                chunk.asFloatBuffer().put(values, i, length);
                out.write(chunk.array(), 0, 4 * length);
            }
        });
    }

    /** The sizes, outermost first; empty for a scalar. */
    public int[] shape() {
        return shape.clone();
    }

    /** The number of values. */
    public int size() {
        return data.capacity() / element.bytes;
    }

    /** A copy of the values, rounded to float. */
    public float[] toFloats() {
        float[] values = new float[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = element == Element.I8 ? data.getLong(8 * i) : (float) get(i);
        }
        return values;
    }

    /** A copy of the values; whole numbers beyond 2^53 are rounded. */
    public double[] toDoubles() {
        double[] values = new double[size()];
        Arrays.setAll(values, this::get);
        return values;
    }

    /**
     * A copy of whole numbers, such as labels.
     *
     * @throws IllegalStateException if the file holds floating-point numbers
     */
    public long[] toLongs() {
        if (element == Element.F4 || element == Element.F8) {
            throw new IllegalStateException("the array holds floating-point numbers; use toFloats() or toDoubles()");
        }
        long[] values = new long[size()];
        Arrays.setAll(values, i -> element == Element.I8 ? data.getLong(8 * i) : data.getInt(4 * i));
        return values;
    }

    private double get(int i) {
        return switch (element) {
            case F4 -> data.getFloat(4 * i);
            case F8 -> data.getDouble(8 * i);
            case I4 -> data.getInt(4 * i);
            case I8 -> data.getLong(8 * i);
        };
    }

    /**
     * Checks the shape, and returns this array.
     *
     * @param what     what the array is, for the message: "start noise"
     * @param expected the sizes; -1 for any
     * @throws IllegalArgumentException naming the array, the shape it has and the one expected
     */
    public Npy requireShape(String what, int... expected) {
        Objects.requireNonNull(what, "what");
        boolean fits = shape.length == expected.length;
        for (int i = 0; fits && i < shape.length; i++) {
            fits = expected[i] == -1 || expected[i] == shape[i];
        }
        if (!fits) {
            throw new IllegalArgumentException(what + " has shape " + Arrays.toString(shape) + ", expected "
                    + Arrays.toString(expected).replace("-1", "any"));
        }
        return this;
    }

    /**
     * Checks that the values are floating-point numbers, and returns this array.
     *
     * @throws IllegalArgumentException naming the array, the type it has and the ones expected
     */
    public Npy requireFloatingPoint(String what) {
        if (element == Element.I4 || element == Element.I8) {
            throw new IllegalArgumentException(
                    what + " holds integers of " + 8 * element.bytes + " bits, expected float32 or float64");
        }
        return this;
    }
}
