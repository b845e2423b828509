package dev.paraflux.model.remote;

import com.google.protobuf.WireFormat;
import io.grpc.HasByteBuffer;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Reads a message of the protocol whose tensors are raw bytes: these go straight from the network's buffers to their rows,
 * and all other fields, which are small, are kept for the generated code.
 *
 * <p>Written after the encoding of Protocol Buffers, https://protobuf.dev/programming-guides/encoding.
 */
final class RawReader {
    /** Names and shapes: more is no message of ours. */
    private static final int MOST_OTHER_BYTES = 1 << 20;
    private static final int PIECE = 1 << 13;
    private static final int VARINT_BYTES = 10;
    /** Of a tag, below the number of its field. */
    static final int TYPE_BITS = 3;

    private final InputStream in;
    private final HasByteBuffer buffers;
    private final ByteArrayOutputStream others = new ByteArrayOutputStream();
    private byte[] piece;

    /** Says where raw tensors go. */
    interface Sink {
        /**
         * Where the next one goes.
         *
         * @param number counted from 0
         * @param length its bytes
         * @param before the fields that have come before the first tensor
         * @return room for as many bytes, or null to pass over them
         * @throws IOException if there must be no such tensor
         */
        ByteBuffer room(int number, long length, byte[] before) throws IOException;
    }

    private RawReader(InputStream in) {
        this.in = in;
        buffers = in instanceof HasByteBuffer has && has.byteBufferSupported() ? has : null;
    }

    /**
     * Reads a message to its end.
     *
     * @param rawField number of the field that raw tensors are in
     * @return the bytes of all other fields
     * @throws IOException if it is no message, or as the sink says
     */
    static byte[] read(InputStream in, int rawField, Sink sink) throws IOException {
        return new RawReader(in).read(rawField, sink);
    }

    private byte[] read(int rawField, Sink sink) throws IOException {
        byte[] before = null;
        int number = 0;
        for (int first = in.read(); first >= 0; first = in.read()) {
            long tag = varint(first);
            if (tag == ((long) rawField << TYPE_BITS | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                before = before == null ? others.toByteArray() : before;
                long length = varint(in.read());
                ByteBuffer room = sink.room(number++, length, before);
                if (room == null) {
                    in.skipNBytes(length);
                } else {
                    fill(room, length);
                }
            } else {
                keep(tag);
            }
        }
        return others.toByteArray();
    }

    /** Keeps a field, which begins with this tag. */
    private void keep(long tag) throws IOException {
        write(tag);
        switch (WireFormat.getTagWireType((int) tag)) {
            case WireFormat.WIRETYPE_VARINT -> write(varint(in.read()));
            case WireFormat.WIRETYPE_FIXED64 -> copy(Long.BYTES);
            case WireFormat.WIRETYPE_FIXED32 -> copy(Integer.BYTES);
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                long length = varint(in.read());
                write(length);
                copy(length);
            }
            default -> throw new IOException("it is no message of Protocol Buffers");
        }
    }

    private void copy(long length) throws IOException {
        if (length < 0 || length > MOST_OTHER_BYTES - others.size()) {
            throw new IOException("it has more than " + MOST_OTHER_BYTES + " bytes besides its raw tensors");
        }
        others.write(in.readNBytes((int) length));
    }

    private void fill(ByteBuffer room, long length) throws IOException {
        if (room.remaining() != length) {
            throw new IOException("a tensor has " + length + " bytes: must be " + room.remaining());
        }
        while (room.hasRemaining()) {
            ByteBuffer ready = buffers == null ? null : buffers.getByteBuffer();
            if (ready != null && ready.hasRemaining()) {
                int count = Math.min(ready.remaining(), room.remaining());
                ready.limit(ready.position() + count);
                room.put(ready);
                in.skipNBytes(count);
            } else {
                piece = piece == null ? new byte[PIECE] : piece;
                int count = in.read(piece, 0, Math.min(PIECE, room.remaining()));
                if (count < 0) {
                    throw new EOFException();
                }
                room.put(piece, 0, count);
            }
        }
    }

    private long varint(int first) throws IOException {
        long value = 0;
        int next = first;
        for (int k = 0; k < VARINT_BYTES; k++) {
            if (next < 0) {
                throw new EOFException();
            }
            value |= (long) (next & 0x7f) << 7 * k;
            if (next < 0x80) {
                return value;
            }
            next = in.read();
        }
        throw new IOException("it is no message of Protocol Buffers");
    }

    private void write(long varint) {
        long rest = varint;
        while ((rest & ~0x7fL) != 0) {
            others.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        others.write((int) rest);
    }
}
