package dev.paraflux.model.aoti;

import dev.paraflux.device.Device;
import dev.paraflux.model.pretrained.Backend;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.LoadedModel;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.torch.StandInTarget;
import dev.paraflux.model.torch.TorchGraphs;
import dev.paraflux.model.torch.TorchTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.bytedeco.pytorch.AOTIModelContainerRunner;
import org.bytedeco.pytorch.AOTIModelContainerRunnerCpu;
import org.bytedeco.pytorch.TensorVector;

/** Loads packages for a device that is the CPU to libtorch, and to their compiler. */
final class AotiStandIn implements Backend, AotiDevice {
    private final Device device;
    private final Function<String, TorchGraphs> graphs;
    /** Calls of more rows find too little memory. */
    private int mostRows = Integer.MAX_VALUE;
    private String refusal = "";
    private boolean counted;
    private boolean shortage;
    /** Where code for the device was said to lie when a package was loaded last. */
    private Path kernels;

    /** @param graphs what captures the calls of a model, by its name */
    AotiStandIn(Device device, Function<String, TorchGraphs> graphs) {
        this.device = device;
        this.graphs = graphs;
    }

    /** Without graphs. */
    AotiStandIn(Device device) {
        this(device, TorchGraphs::none);
    }

    /** Loads a package whose card is that of the tiny one in a folder. */
    PretrainedDenoiser denoiser(Path file, Path folder) throws IOException {
        return PretrainedDenoiser.load(this, file, TestPackages.card(folder.resolve("tiny.pt2")), LoadOptions.DEFAULT);
    }

    /**
     * Has memory for calls of so many rows from now on.
     *
     * @param words   what the package says of more
     * @param noticed whether libtorch's allocator has counted it
     */
    void limit(int rows, String words, boolean noticed) {
        mostRows = rows;
        refusal = words;
        counted = noticed;
    }

    Path kernels() {
        return kernels;
    }

    @Override
    public String name() {
        return AotiBackend.NAME;
    }

    @Override
    public String runtime() {
        return new AotiBackend().runtime();
    }

    @Override
    public LoadedModel load(Path file, ModelCard card, LoadOptions options) throws IOException {
        return AotiBackend.load(file, card, options, this);
    }

    @Override
    public String kind() {
        return AotiCpu.KIND;
    }

    @Override
    public void refuse(AotiArchive archive, String found) throws IOException {
        new AotiCpu().refuse(archive, found);
    }

    @Override
    public void require(AotiArchive archive) {
        AotiLibrary.require();
    }

    @Override
    public TorchTarget target() {
        return StandInTarget.of(device);
    }

    @Override
    public AOTIModelContainerRunner load(Path library, Path folder) {
        kernels = folder;
        return new AOTIModelContainerRunnerCpu(library.toString(), 1, true) {
            @Override
            public TensorVector run(TensorVector inputs) {
                if (inputs.get(0).size(0) > mostRows) {
                    shortage = counted;
                    throw new IllegalStateException(refusal);
                }
                return super.run(inputs);
            }
        };
    }

    @Override
    public TorchGraphs graphs(String name) {
        return graphs.apply(name);
    }

    @Override
    public boolean hasRunOutOfMemory() {
        boolean found = shortage;
        shortage = false;
        return found;
    }
}
