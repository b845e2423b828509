package dev.paraflux.model.remote;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * A message of the protocol as gRPC takes it: small fields first, then raw tensors, which are read where they lie. What is
 * read once the rows are their owner's again is zeros: nobody waits for it.
 */
final class RawStream extends InputStream implements Drainable, KnownLength {
    private static final int PIECE = 1 << 15;
    private static final ThreadLocal<byte[]> PIECES = ThreadLocal.withInitial(() -> new byte[PIECE]);

    private final RowGuard guard;
    private final ByteBuffer[] parts;
    private int part;

    /**
     * Makes a message.
     *
     * @param guard    of the rows
     * @param head     all fields but the tensors, encoded
     * @param rawField number of the field of the tensors
     * @param tensors  bytes of each, from their positions on, which stay
     */
    RawStream(RowGuard guard, byte[] head, int rawField, ByteBuffer... tensors) {
        this.guard = guard;
        parts = new ByteBuffer[1 + 2 * tensors.length];
        parts[0] = ByteBuffer.wrap(head);
        for (int k = 0; k < tensors.length; k++) {
            parts[1 + 2 * k] = beginning(rawField, tensors[k].remaining());
            parts[2 + 2 * k] = tensors[k].duplicate();
        }
    }

    /** Tag and length. */
    private static ByteBuffer beginning(int field, int length) {
        int tag = field << RawReader.TYPE_BITS | WireFormat.WIRETYPE_LENGTH_DELIMITED;
        byte[] bytes = new byte[CodedOutputStream.computeUInt32SizeNoTag(tag)
                + CodedOutputStream.computeUInt32SizeNoTag(length)];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeUInt32NoTag(tag);
            out.writeUInt32NoTag(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(bytes);
    }

    @Override
    public int available() {
        long all = 0;
        for (int k = part; k < parts.length; k++) {
            all += parts[k].remaining();
        }
        return (int) Math.min(Integer.MAX_VALUE, all);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
        byte[] piece = PIECES.get();
        int all = 0;
        for (int count = read(piece, 0, PIECE); count > 0; count = read(piece, 0, PIECE)) {
            target.write(piece, 0, count);
            all += count;
        }
        return all;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        while (part < parts.length && !parts[part].hasRemaining()) {
            part++;
        }
        if (part == parts.length) {
            return length == 0 ? 0 : -1;
        }
        int count = Math.min(length, parts[part].remaining());
        guard.read(parts[part], into, offset, count);
        return count;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }
}
