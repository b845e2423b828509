package dev.paraflux.model.aoti;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a model was compiled for, as its compiler tells: machine code for another processor would end the virtual machine at
 * its first instruction that is not there.
 */
final class AotiTarget {
    private static final String DEVICE = "AOTI_DEVICE_KEY";
    private static final String PLATFORM = "AOTI_PLATFORM";
    private static final String MACHINE = "AOTI_MACHINE";
    private static final String ISA = "AOTI_CPU_ISA";
    /** What tools/export_model.py adds: every flag of the processor that the C++ compiler could make use of. */
    private static final String PROCESSOR = "PARAFLUX_PROCESSOR";

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** What the compiler calls a set of instructions, and what the kernel calls its parts. */
    private static final Map<String, List<String>> FLAGS = Map.of("INVALID_VEC_ISA", List.of(), "AVX2",
            List.of("avx2", "fma", "f16c"), "AVX512", List.of("avx512f", "avx512dq", "avx512bw", "avx512vl", "fma"),
            "AVX512_VNNI", List.of("avx512_vnni"), "AMX_TILE", List.of("amx_tile", "amx_bf16", "amx_int8"), "AMX_FP16",
            List.of("amx_fp16"));

    private AotiTarget() {}

    /**
     * Checks that this machine is what a model was compiled for.
     *
     * @param metadata what the compiler has written beside the model
     * @throws IOException naming the key that does not fit
     */
    static void requireThis(JsonValue metadata) throws IOException {
        require(metadata, processorFlags());
    }

    /** @param flags of the processor, as the kernel calls them */
    static void require(JsonValue metadata, Set<String> flags) throws IOException {
        try {
            requireValue(metadata.get(DEVICE), "cpu", "export it on the CPU (tools/README.md)");
            requireValue(metadata.get(MACHINE), "x86_64", "compile it on such a machine");
            if (metadata.has(PLATFORM)) {
                requireValue(metadata.get(PLATFORM), "linux", "compile it there");
            }
            requireInstructions(metadata.get(ISA).text(), flags);
            if (metadata.has(PROCESSOR)) {
                String all = metadata.get(PROCESSOR).text();
                requireFlags(List.of(all.strip().split("\\s+")), flags, "such instructions");
            }
        } catch (IllegalValueException e) {
            throw new IOException("the compiler's metadata is not what it should be: " + e.getMessage(), e);
        }
    }

    private static void requireValue(JsonValue found, String legal, String cure) throws IOException {
        if (!found.text().equals(legal)) {
            throw new IOException("it was compiled for " + found.text() + ", and not for " + legal + ": " + cure);
        }
    }

    private static void requireInstructions(String sets, Set<String> flags) throws IOException {
        for (String set : sets.isBlank() ? new String[0] : sets.strip().split("\\s+")) {
            List<String> needed = FLAGS.get(set);
            if (needed == null) {
                throw new IOException("it was compiled for a processor with " + set
                        + ", which is not known here: compile it on this machine");
            }
            requireFlags(needed, flags, sets);
        }
    }

    private static void requireFlags(List<String> needed, Set<String> flags, String name) throws IOException {
        Set<String> missing = new TreeSet<>(needed);
        missing.removeAll(flags);
        missing.remove("");
        if (!missing.isEmpty()) {
            throw new IOException("it was compiled for a processor with " + name + ", and this one has no "
                    + String.join(", ", missing) + ": compile it on this machine, or for less of a processor"
                    + " (tools/README.md)");
        }
    }

    private static Set<String> processorFlags() throws IOException {
        try (var lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith("flags")).findFirst()
                    .map(line -> Arrays.stream(line.substring(line.indexOf(':') + 1).strip().split("\\s+"))
                            .collect(Collectors.toUnmodifiableSet()))
                    .orElseThrow(() -> new IOException("the flags of this processor are not in " + PROCESSORS));
        }
    }
}
