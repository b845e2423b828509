package dev.paraflux.device;

import dev.paraflux.check.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Memory that is closed together: all of it, or, where a part is in use, none. For owners of several buffers and tables;
 * what a constructor has taken when it fails is closed in one call. For one thread at a time.
 */
public final class Resources implements AutoCloseable {
    private final Lifetime lifetime = new Lifetime("Resources");
    private final List<NativeMemory> parts = new ArrayList<>();

    /** Takes over a part, and hands it back. Nothing is added once this is closed. */
    public <T extends NativeMemory> T add(T part) {
        parts.add(Objects.requireNonNull(part, "part"));
        return part;
    }

    /**
     * Allocates rows, as {@link Device#allocate} does.
     *
     * @param rows a product of counts, which may be more than a buffer holds: such are refused
     */
    public Buffer allocate(Device device, long rows, int dim) {
        int count = (int) Require.between(1, Integer.MAX_VALUE, "rows", rows);
        return add(lifetime.own(() -> device.allocate(count, dim)));
    }

    /** Allocates rows of the host, as {@link Device#staging} does. */
    public Buffer staging(Device device, int rows, int dim) {
        return add(lifetime.own(() -> device.staging(rows, dim)));
    }

    /** Bytes of the buffers' rows. */
    public long rowBytes() {
        long bytes = 0;
        for (NativeMemory part : parts) {
            bytes += part instanceof Buffer buffer ? buffer.bytes() : 0;
        }
        return bytes;
    }

    /**
     * Closes every part that is open. A second call does nothing.
     *
     * @throws IllegalStateException if one is in use; all stay open then
     */
    @Override
    public void close() {
        List<NativeMemory> closing = new ArrayList<>(parts.size());
        try {
            for (NativeMemory part : parts) {
                if (part.lifetime.beginClose()) {
                    closing.add(part);
                }
            }
        } catch (IllegalStateException inUse) {
            closing.forEach(part -> part.lifetime.endClose(false));
            throw inUse;
        }
        for (NativeMemory part : closing) {
            part.lifetime.endClose(true);
            part.free();
        }
        parts.clear();
        lifetime.close();
    }
}
