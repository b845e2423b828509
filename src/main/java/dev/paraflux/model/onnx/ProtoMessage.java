package dev.paraflux.model.onnx;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The fields of a message of protocol buffers as they stand in a file, without its schema. Nothing is copied: the bytes
 * are slices of the file's.
 *
 * @param fields in their order
 */
record ProtoMessage(List<Field> fields) {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED_32 = 5;

    /**
     * A field.
     *
     * @param number its number
     * @param value  of a number
     * @param bytes  of a text, bytes or a message; else null
     * @param whole  the field as it stands in the file, with its number
     */
    record Field(int number, long value, ByteBuffer bytes, ByteBuffer whole) {
        /** Names, which go into messages: what is no text in them is made visible. */
        String text() {
            return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString().replaceAll("\\p{Cntrl}", "?");
        }

        ProtoMessage message() throws IOException {
            BrokenMessage.unless(bytes != null, "it has a number where a part should be");
            return read(bytes);
        }
    }

    /**
     * Reads the fields of a message.
     *
     * @throws IOException if these are no such bytes
     */
    static ProtoMessage read(ByteBuffer bytes) throws IOException {
        ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        List<Field> fields = new ArrayList<>();
        try {
            while (in.hasRemaining()) {
                fields.add(field(in));
            }
        } catch (BufferUnderflowException e) {
            throw new BrokenMessage("it has a part that ends too early", e);
        }
        return new ProtoMessage(fields);
    }

    private static Field field(ByteBuffer in) throws IOException {
        int from = in.position();
        long key = varint(in);
        long value = 0;
        ByteBuffer bytes = null;
        switch ((int) (key & 7)) {
            case VARINT -> value = varint(in);
            case FIXED_64 -> value = in.getLong();
            case FIXED_32 -> value = in.getInt();
            case LENGTH -> {
                long length = varint(in);
                if (length < 0 || length > in.remaining()) {
                    throw new BufferUnderflowException();
                }
                bytes = in.slice(in.position(), (int) length);
                in.position(in.position() + (int) length);
            }
            default ->
                throw new BrokenMessage("it has a field of a kind that is not known at byte " + from + " of a part",
                        null);
        }
        long number = key >>> 3;
        if (number < 1 || number > Integer.MAX_VALUE >> 2) {
            throw new BrokenMessage("it has a field without a number at byte " + from + " of a part", null);
        }
        return new Field((int) number, value, bytes, in.slice(from, in.position() - from));
    }

    private static long varint(ByteBuffer in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new BrokenMessage("it has a number of more than 64 bits", null);
    }

    /** The numbers that a packed field holds one after the other. */
    static List<Long> numbers(ByteBuffer packed) throws IOException {
        ByteBuffer in = packed.duplicate();
        List<Long> numbers = new ArrayList<>();
        try {
            while (in.hasRemaining()) {
                numbers.add(varint(in));
            }
        } catch (BufferUnderflowException e) {
            throw new BrokenMessage("it has a list of numbers that ends too early", e);
        }
        return numbers;
    }

    /** The fields of a number that hold bytes. */
    Stream<Field> all(int number) {
        return fields.stream().filter(field -> field.number() == number && field.bytes() != null);
    }

    /** The texts of a field. */
    List<String> texts(int number) {
        return all(number).map(Field::text).toList();
    }

    /** The text of a field, of which the last counts; empty if there is none. */
    String text(int number) {
        List<String> all = texts(number);
        return all.isEmpty() ? "" : all.get(all.size() - 1);
    }

    /** The number that a field has, of which the last counts; 0 if there is none. */
    long value(int number) {
        long last = 0;
        for (Field field : fields) {
            last = field.number() == number && field.bytes() == null ? field.value() : last;
        }
        return last;
    }

    /** The message that a field holds; without fields if there is none. */
    ProtoMessage message(int number) throws IOException {
        List<Field> all = all(number).toList();
        return all.isEmpty() ? new ProtoMessage(List.of()) : all.get(all.size() - 1).message();
    }
}
