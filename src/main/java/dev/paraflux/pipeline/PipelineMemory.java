package dev.paraflux.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the weights of a pipeline take in memory, told by its files before any of them is loaded. What is computed between
 * them, and the runtimes themselves (100 to 300 MB), come on top; {@code docs/pipelines.md} has what was measured.
 */
public final class PipelineMemory {
    /** Of a graph with its weights inside: as a file, edited, read, and laid out for its operators, all at once. */
    private static final int TIMES_OF_EDITED_GRAPH = 4;
    /** Of anything else: as it is read, and as it is kept. */
    private static final int TIMES = 2;

    private final List<Part> parts;

    /**
     * A part.
     *
     * @param name      its folder
     * @param bytes     of its weights, 0 or more
     * @param loadBytes that it takes while it is loaded, at most
     */
    public record Part(String name, long bytes, long loadBytes) {
        static Part denoiser(String name, long bytes, boolean editedGraph) {
            return new Part(name, bytes, (editedGraph ? TIMES_OF_EDITED_GRAPH : TIMES) * bytes);
        }

        static Part network(String name, long bytes) {
            return new Part(name, bytes, TIMES * bytes);
        }
    }

    /** @param parts in the order in which they are loaded, what denoises first */
    PipelineMemory(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** The parts, what denoises first. */
    public List<Part> parts() {
        return parts;
    }

    /** Bytes of weights that stay in memory between pictures. */
    public long keptBytes(boolean lowMemory) {
        return lowMemory ? parts.get(0).bytes() : parts.stream().mapToLong(Part::bytes).sum();
    }

    /** Bytes of weights in memory at once, at most: while a part is loaded it takes more than afterwards. */
    public long peakBytes(boolean lowMemory) {
        long peak = 0;
        long kept = 0;
        for (Part part : parts) {
            peak = Math.max(peak, kept + part.loadBytes());
            kept = lowMemory ? parts.get(0).bytes() : kept + part.bytes();
        }
        return peak;
    }

    /** In megabytes, for a reader: each part, then what is kept and the most at once, with and without low memory. */
    @Override
    public String toString() {
        List<String> each = new ArrayList<>();
        parts.forEach(part -> each.add(part.name() + " " + megabytes(part.bytes())));
        return String.join(", ", each) + " of weights: " + megabytes(keptBytes(false)) + " are kept, and up to "
                + megabytes(peakBytes(false)) + " are taken while they are loaded; with low memory "
                + megabytes(keptBytes(true)) + ", and up to " + megabytes(peakBytes(true));
    }

    /** For example {@code 1720 MB}. */
    public static String megabytes(long bytes) {
        double megabytes = bytes / 1e6;
        return String.format(Locale.ROOT, megabytes < 10 ? "%.1f MB" : "%.0f MB", megabytes);
    }
}
