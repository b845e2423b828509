package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Device;
import dev.paraflux.model.Precision;
import dev.paraflux.model.pretrained.LoadOptions;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say how a model's runtime works: on how many threads, and in which numbers. */
public final class RuntimeOptions {
    @Option(names = "--threads", paramLabel = "N",
            description = "Threads that the model's runtime itself uses for a batch. Default: 1.")
    private Integer threads;

    @Option(names = "--precision", paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES}: what the model calculates with inside. Default: what its file has.")
    private Precision precision;

    /** Checks what can be checked without a model. */
    public void read() {
        requireThreads("--threads", threads);
    }

    /** Refuses a number of threads, or of what has a thread each, that no model can be loaded for; null is none. */
    public static void requireThreads(String option, Integer count) {
        if (count != null) {
            Require.between(1, LoadOptions.mostThreads(), option, count);
        }
    }

    /** Both are for who evaluates the model himself. */
    void requireNone(WorkersOptions workers) {
        workers.requireAlone("--threads", threads);
        workers.requireAlone("--precision", precision);
    }

    /** What was asked for, if anything was. */
    Precision precision() {
        return precision;
    }

    /** How the model of the command is loaded, on the CPU. */
    public LoadOptions loading() {
        return loading(precision, Optional.empty());
    }

    /** How one is loaded that calculates with these numbers, or null for those of its file. */
    LoadOptions loading(Precision inside, Optional<Device> where) {
        return new LoadOptions(threads == null ? 1 : threads, Optional.ofNullable(inside), where,
                LoadOptions.DEFAULT.graphs());
    }

    /**
     * Loads by these options. It is no fault of the file that it has other numbers than are asked for, or cannot run where it
     * is to.
     */
    static <T> T load(String option, LoadOptions loading, Typed.FileReader<T> loaded) throws IOException {
        try {
            return loaded.read();
        } catch (IllegalValueException e) {
            if (e.name().equals("device")) {
                throw new IllegalValueException("--model-device", loading.device().orElseThrow(), e.legal());
            }
            boolean asked = e.name().equals("precision") && !option.equals(Beside.OPTION);
            throw asked ? new IllegalValueException("--precision", loading.precision().orElseThrow(), e.legal()) : e;
        }
    }
}
