package dev.paraflux.model.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes a message of protocol buffers: what is new, between parts of a file, which are not copied before the end. */
final class ProtoWriter {
    private static final int VARINT = 0;
    private static final int LENGTH = 2;

    private final List<ByteBuffer> pieces = new ArrayList<>();
    private long size;

    private void piece(ByteBuffer bytes) {
        pieces.add(bytes.duplicate());
        size += bytes.remaining();
    }

    /** Bytes of the message. */
    long size() {
        return size;
    }

    /** A field as it stands in a file. */
    ProtoWriter field(ProtoMessage.Field field) {
        piece(field.whole());
        return this;
    }

    /** A field with a number. */
    ProtoWriter number(int field, long value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        varint(bytes, (long) field << 3 | VARINT);
        varint(bytes, value);
        piece(ByteBuffer.wrap(bytes.toByteArray()));
        return this;
    }

    /** A field with a text. */
    ProtoWriter text(int field, String value) {
        return bytes(field, StandardCharsets.UTF_8.encode(value));
    }

    /** A field with bytes. */
    ProtoWriter bytes(int field, ByteBuffer value) {
        head(field, value.remaining());
        piece(value);
        return this;
    }

    /** A field with a message. */
    ProtoWriter message(int field, ProtoWriter value) {
        head(field, value.size);
        value.pieces.forEach(this::piece);
        return this;
    }

    private void head(int field, long length) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        varint(bytes, (long) field << 3 | LENGTH);
        varint(bytes, length);
        piece(ByteBuffer.wrap(bytes.toByteArray()));
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** Puts the message into memory that has {@link #size} bytes. */
    void writeTo(ByteBuffer into) {
        pieces.forEach(piece -> into.put(piece.duplicate()));
    }
}
