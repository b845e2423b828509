package dev.paraflux.model.aoti;

import dev.paraflux.model.pretrained.Backend;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.LoadedModel;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.torch.TorchLibrary;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Models that AOTInductor compiled ({@code .pt2}), run by the libtorch of {@code model.torch} on what they were compiled
 * for: the CPU, or a device of CUDA. They take the inputs that the card names, in its order, and as many rows as they were
 * compiled for, which is found by asking.
 *
 * <p>What can be checked is, before any of it runs: the archive's sums, what machine and instructions it was compiled for,
 * the symbols that it expects. The compiled code has its inputs checked in each call.
 *
 * <p>A package is native code: load only files that you would run. Its compiler tells which vector instructions it chose,
 * but not every instruction that the C++ compiler did, which takes what the machine at hand has: run a package on the kind
 * of machine that it was compiled on.
 */
public final class AotiBackend implements Backend {
    /** What its models are called. */
    public static final String NAME = "aotinductor";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String runtime() {
        TorchLibrary.require();
        return "AOTInductor on libtorch " + TorchLibrary.version();
    }

    @Override
    public LoadedModel load(Path file, ModelCard card, LoadOptions options) throws IOException {
        card.requireNoneJoined("AOTInductor");
        return load(file, card, options,
                options.device().isEmpty() ? new AotiCpu() : AotiCuda.of(options.device().get()));
    }

    /** Loads a file to run in a place of its kind. */
    static LoadedModel load(Path file, ModelCard card, LoadOptions options, AotiDevice device) throws IOException {
        // What is unpacked lies in one place for the whole process.
        synchronized (AotiPackage.class) {
            AotiModule module = null;
            try (AotiPackage unpacked = AotiPackage.unpack(file, device)) {
                module = AotiModule.load(unpacked, card, options, device);
            } catch (IOException | RuntimeException | Error e) {
                // It was loaded, and what was unpacked could not be removed.
                if (module != null) {
                    module.close();
                }
                throw e;
            }
            return module;
        }
    }
}
