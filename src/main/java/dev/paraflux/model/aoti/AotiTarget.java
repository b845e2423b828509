package dev.paraflux.model.aoti;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.CudaFacts;
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
    /** Of a device of CUDA: ten times what is before the point, and what is behind it. */
    private static final String CAPABILITY = "AOTI_COMPUTE_CAPABILITY";
    private static final int FIRST_OF_ITS_OWN = 9;
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
     * @throws IOException naming the key that does not fit
     */
    static void requireThis(AotiArchive archive) throws IOException {
        try {
            require(archive.metadata(), processorFlags());
        } catch (IOException e) {
            throw archive.unfit(e);
        }
    }

    /**
     * Checks that what a model was compiled for is what it is to run on.
     *
     * @throws IOException           if the file is to blame
     * @throws IllegalValueException if what was asked for is
     */
    static void requireKind(AotiArchive archive, AotiDevice device) throws IOException {
        String found = text(archive, DEVICE);
        if (!found.equals(device.kind())) {
            device.refuse(archive, found);
        }
    }

    /**
     * Checks that a device can run what was compiled for one kind of it: code of its generation, and from the ninth on of the very
     * same, where the compiler makes use of what only that has.
     *
     * @throws IOException if it cannot
     */
    static void requireCapability(AotiArchive archive, CudaFacts facts) throws IOException {
        if (!archive.isForOneKind()) {
            return;
        }
        String found = text(archive, CAPABILITY);
        if (!found.matches("[1-9][0-9]{1,3}")) {
            throw archive.unfit("it was compiled for a device of compute capability " + found
                    + ", and not for one of CUDA's: export it with --device cuda (tools/README.md)");
        }
        int major = Integer.parseInt(found) / 10;
        int minor = Integer.parseInt(found) % 10;
        boolean runs = facts.major() == major
                && (major < FIRST_OF_ITS_OWN ? facts.minor() >= minor : facts.minor() == minor);
        if (facts.major() > 0 && !runs) {
            throw archive
                    .unfit("it was compiled for a device of compute capability " + major + "." + minor + ", and cuda:"
                            + facts.index() + " has " + facts.major() + "." + facts.minor()
                            + ": export it on such a device, or with aot_inductor.emit_multi_arch_kernel");
        }
    }

    private static String text(AotiArchive archive, String key) throws IOException {
        try {
            return archive.metadata().get(key).text();
        } catch (IllegalValueException e) {
            throw archive.unfit(notMetadata(e));
        }
    }

    private static IOException notMetadata(IllegalValueException e) {
        return new IOException("the compiler's metadata is not what it should be: " + e.getMessage(), e);
    }

    /**
     * Checks the machine.
     *
     * @param metadata what the compiler has written beside the model
     * @param flags    of the processor, as the kernel calls them
     */
    static void require(JsonValue metadata, Set<String> flags) throws IOException {
        try {
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
            throw notMetadata(e);
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
