package dev.paraflux.device;

import dev.paraflux.kernel.Kernels;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is known of a CUDA device.
 *
 * @param index           its place among them, from 0
 * @param name            as the driver calls it
 * @param major           of its compute capability, 0 if it does not tell
 * @param minor           of its compute capability
 * @param multiprocessors that it has
 * @param bytes           of memory
 * @param freeBytes       of these that nobody had taken when this was asked
 * @param peers           indices of the others that it reads and writes the memory of, and they its: rows travel between them
 *                        directly, and by the host between others
 * @param refusal         why it cannot be used, in words; empty if it can
 */
public record CudaFacts(int index, String name, int major, int minor, int multiprocessors, long bytes, long freeBytes,
        List<Integer> peers, String refusal) {
    private static final double GIB = 1L << 30;

    /** @throws NullPointerException if the peers are null */
    public CudaFacts {
        peers = List.copyOf(peers);
    }

    static CudaFacts of(int index) {
        long[] facts = new long[Kernels.PARAFLUX_CUDA_FACTS];
        String refusal = Kernels.paraflux_cuda_device_refusal(index).getString();
        int error = Kernels.paraflux_cuda_device_facts(index, facts);
        if (error != 0 && refusal.isEmpty()) {
            refusal = Kernels.paraflux_cuda_words(error).getString();
        }
        return new CudaFacts(index, Kernels.paraflux_cuda_device_name(index).getString(), (int) facts[0],
                (int) facts[1], (int) facts[4], facts[2], facts[3], peers(index), refusal);
    }

    private static List<Integer> peers(int index) {
        return IntStream.range(0, Kernels.paraflux_cuda_device_count())
                .filter(other -> Kernels.paraflux_cuda_can_connect(index, other) != 0).boxed().toList();
    }

    /** In a line, for a person. */
    @Override
    public String toString() {
        return name + ", compute capability " + major + "." + minor + ", " + multiprocessors + " multiprocessors, "
                + String.format(Locale.ROOT, "%.1f of %.1f GiB free", freeBytes / GIB, bytes / GIB)
                + (peers.isEmpty() ? ""
                        : ", direct to "
                                + peers.stream().map(other -> "cuda:" + other).collect(Collectors.joining(", ")))
                + (refusal.isEmpty() ? "" : "; cannot be used: " + refusal);
    }
}
