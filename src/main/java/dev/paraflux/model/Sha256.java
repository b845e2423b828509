package dev.paraflux.model;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, in hexadecimal digits, as identities have it. */
public final class Sha256 {
    private Sha256() {}

    /** Begins a digest. */
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** Ends a digest. */
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Of the bits of numbers. */
    public static String of(float[]... rows) {
        MessageDigest digest = begin();
        for (float[] row : rows) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, row.length));
            for (float value : row) {
                bytes.putFloat(value);
            }
            digest.update(bytes.array());
        }
        return hex(digest);
    }

    /** Of whole numbers. */
    public static String of(long... values) {
        MessageDigest digest = begin();
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Long.BYTES, values.length));
        for (long value : values) {
            bytes.putLong(value);
        }
        digest.update(bytes.array());
        return hex(digest);
    }

    /** Adds the bits of numbers. */
    public static void add(MessageDigest digest, double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Double.BYTES, values.length));
        for (double value : values) {
            bytes.putDouble(value);
        }
        digest.update(bytes.array());
    }
}
