package dev.paraflux.model.aoti;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.torch.TorchGraphs;
import dev.paraflux.model.torch.TorchTarget;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.pytorch.AOTIModelContainerRunner;

/** What packages need of where they run: the CPU, or a device. */
interface AotiDevice {
    /** What the compiler calls what they must be compiled for: {@code cpu} or {@code cuda}. */
    String kind();

    /**
     * Refuses a package that was compiled for something else.
     *
     * @param found what the compiler calls that
     * @throws IOException           if the file is to blame
     * @throws IllegalValueException if what was asked for is
     */
    void refuse(AotiArchive archive, String found) throws IOException;

    /**
     * Makes sure that a package of its kind can run there, before any of it is unpacked.
     *
     * @throws IOException           if it was compiled for another device of its kind
     * @throws IllegalValueException if libtorch cannot work there; it says why
     * @throws IllegalStateException if libtorch cannot be loaded, with the cause
     */
    void require(AotiArchive archive) throws IOException;

    /** The same in libtorch's words, once packages can run there. */
    TorchTarget target();

    /**
     * Loads a package that was unpacked.
     *
     * @param library its compiled library
     * @param kernels the folder of its device's code; null where there is none
     * @throws RuntimeException if libtorch refuses it
     */
    AOTIModelContainerRunner load(Path library, Path kernels);

    /**
     * What captures calls of a model.
     *
     * @param name what messages call it
     */
    TorchGraphs graphs(String name);

    /** Whether libtorch has had too little memory there since this was asked last: compiled code keeps that to itself. */
    boolean hasRunOutOfMemory();
}
