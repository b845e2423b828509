package dev.paraflux.io;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An array of a NumPy {@code .npy} file. Use it to exchange samples, noise, masks and labels with Python.
 *
 * <p>Read are bool, int8 to int64, uint8 to uint32, float16, float32 and float64, of either order of bytes, in C order or
 * in Fortran order, of versions 1, 2 and 3 of the format. Written is little-endian float32 in C order, version 1.
 * Immutable; its values are in C order, whatever the file's was.
 */
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST_HEADER = 0xffff;
    /** NumPy's own limit before its version 2. */
    private static final int MOST_SIZES = 32;

    private final int[] shape;
    private final NpyType type;
    private final ByteBuffer data;

    private Npy(int[] shape, NpyType type, ByteBuffer data) {
        this.shape = shape;
        this.type = type;
        this.data = data;
    }

    /**
     * Reads a file, or a pipe to its end. Of a file memory is taken only after it was found to be as long as its shape
     * says.
     *
     * @throws IOException           with the path and the reason: no such file, not a {@code .npy} file, truncated or too
     *                               long
     * @throws IllegalValueException with the path, what was found and what is legal: another type of elements or version
     *                               of the format, or 2 GiB and more
     */
    public static Npy read(Path path) throws IOException {
        return InputFile.read(path, Npy::read);
    }

    private static Npy read(InputFile file) throws IOException {
        ByteBuffer start = ByteBuffer.wrap(file.next(8)).order(ByteOrder.LITTLE_ENDIAN);
        if (start.limit() < 8 || !Arrays.equals(start.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IOException("not a .npy file: it does not begin with \\x93NUMPY and a version");
        }
        int version = Require.between(1, 3, "version of the .npy format", start.get(6));
        int lengthBytes = version == 1 ? 2 : 4;
        ByteBuffer length = ByteBuffer.wrap(Arrays.copyOf(file.next(lengthBytes), 4));
        long headerBytes = Integer.toUnsignedLong(length.order(ByteOrder.LITTLE_ENDIAN).getInt());
        long dataStart = 8 + lengthBytes + headerBytes;
        Require.between(0, LONGEST_HEADER, "bytes of the header", headerBytes);
        byte[] text = file.next((int) headerBytes);
        if (text.length < headerBytes) {
            throw new IOException("truncated: it ends in its header");
        }
        NpyHeader header = NpyHeader.parse(new String(text, StandardCharsets.UTF_8));
        NpyType type = NpyType.of(header.descr());
        int dataBytes = dataBytes(header.shape(), type);
        if (file.length() != InputFile.UNKNOWN) {
            requireLength(header, dataBytes, file.length() - dataStart);
        }
        byte[] data = file.next(dataBytes);
        requireLength(header, dataBytes, data.length);
        if (!file.ended()) {
            throw new IOException("too long: more than the " + dataBytes + " bytes of data that its shape needs");
        }
        byte[] ordered = header.fortranOrder() ? NpyOrder.toC(data, header.shape(), type.bytes()) : data;
        ByteOrder order = header.descr().startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new Npy(header.shape(), type, ByteBuffer.wrap(ordered).order(order));
    }

    private static void requireLength(NpyHeader header, long expected, long found) throws IOException {
        if (found != expected) {
            throw new IOException((found < expected ? "truncated: " : "too long: ") + found + " bytes of data, shape "
                    + Arrays.toString(header.shape()) + " of '" + header.descr() + "' needs " + expected);
        }
    }

    private static int dataBytes(int[] shape, NpyType type) {
        long bytes = type.bytes() * product(shape);
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new IllegalValueException("shape", sizes(shape), "of less than 2 GiB");
        }
        return (int) bytes;
    }

    private static List<Integer> sizes(int[] shape) {
        return Arrays.stream(shape).boxed().toList();
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
     * @throws IOException           with the path and the reason
     * @throws IllegalValueException if the shape does not fit the values
     */
    public static void write(Path path, float[] values, int... shape) throws IOException {
        boolean negative = Arrays.stream(shape).anyMatch(size -> size < 0);
        Require.that(!negative && product(shape) == values.length && shape.length <= MOST_SIZES, "shape", sizes(shape),
                "at most " + MOST_SIZES + " sizes, 0 or more, whose product is the number of values, " + values.length);
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
        return data.capacity() / type.bytes();
    }

    /**
     * A copy of the values, rounded to float.
     *
     * @throws IllegalValueException if a finite value is too large for a float
     */
    public float[] toFloats() {
        float[] values = new float[size()];
        for (int i = 0; i < values.length; i++) {
            double value = type.real(data, i);
            values[i] = type == NpyType.INT64 ? type.whole(data, i) : (float) value;
            if (Float.isInfinite(values[i]) && !Double.isInfinite(value)) {
                throw new IllegalValueException("value " + i, value,
                        "at most " + Float.MAX_VALUE + " in magnitude, the largest float");
            }
        }
        return values;
    }

    /** A copy of the values; whole numbers beyond 2^53 are rounded. */
    public double[] toDoubles() {
        double[] values = new double[size()];
        Arrays.setAll(values, i -> type.real(data, i));
        return values;
    }

    /**
     * A copy of whole numbers, such as labels; of bools 0 and 1.
     *
     * @throws IllegalStateException if the file has floating-point numbers
     */
    public long[] toLongs() {
        if (type.isFloat()) {
            throw new IllegalStateException("the array has floating-point numbers; use toFloats() or toDoubles()");
        }
        long[] values = new long[size()];
        Arrays.setAll(values, i -> type.whole(data, i));
        return values;
    }

    /**
     * Checks the shape, and returns this array.
     *
     * @param what     what the array is, for the message: "start noise"
     * @param expected the sizes; -1 for any
     * @throws IllegalValueException naming the array, the shape it has and the one expected
     */
    public Npy requireShape(String what, int... expected) {
        Objects.requireNonNull(what, "what");
        boolean fits = shape.length == expected.length;
        for (int i = 0; fits && i < shape.length; i++) {
            fits = expected[i] == -1 || expected[i] == shape[i];
        }
        if (!fits) {
            throw new IllegalValueException("shape", sizes(shape), Arrays.toString(expected).replace("-1", "any"))
                    .in(what);
        }
        return this;
    }

    /**
     * Checks that the values are floating-point numbers, and returns this array.
     *
     * @param what what the array is, for the message
     * @throws IllegalValueException naming the array, the type it has and the ones expected
     */
    public Npy requireFloatingPoint(String what) {
        if (!type.isFloat()) {
            throw new IllegalValueException("type of elements", type, "float16, float32 or float64").in(what);
        }
        return this;
    }
}
