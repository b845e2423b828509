package dev.paraflux.model.aoti;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Device;
import dev.paraflux.model.torch.TorchGraphs;
import dev.paraflux.model.torch.TorchTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.pytorch.AOTIModelContainerRunner;
import org.bytedeco.pytorch.cuda.AOTIModelContainerRunnerCuda;
import org.bytedeco.pytorch.global.torch_cuda;

/** A device of CUDA. It takes the presets of CUDA, {@code org.bytedeco:cuda}, beside those of libtorch. */
final class AotiCuda implements AotiDevice {
    static final String KIND = "cuda";

    private final Device device;
    private final int index;
    private TorchTarget target;
    private long shortages;

    /** @param index which of CUDA's it is */
    AotiCuda(Device device, int index) {
        this.device = device;
        this.index = index;
    }

    /** @throws IllegalValueException if the device is none of CUDA's */
    static AotiCuda of(Device device) {
        return new AotiCuda(device, TorchTarget.index(device));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void refuse(AotiArchive archive, String found) {
        throw new IllegalValueException("device", device, (found.equals(AotiCpu.KIND) ? "the CPU" : found)
                + ", which model file " + archive.file() + " was compiled for: export it with --device cuda"
                + " (tools/README.md)");
    }

    @Override
    public void require(AotiArchive archive) throws IOException {
        AotiTarget.requireCapability(archive, Device.cudaDevices().get(index));
        AotiLibrary.require();
        target = TorchTarget.of(Optional.of(device));
        String missing = TorchGraphs.missingForCuda();
        if (!missing.isEmpty()) {
            throw new IllegalValueException("device", device, "the CPU, for AOTInductor on CUDA takes " + missing);
        }
    }

    @Override
    public TorchTarget target() {
        return target;
    }

    /** In one instance, which keeps no count of what is under way: a call can be captured then, and calls have an order. */
    @Override
    public AOTIModelContainerRunner load(Path library, Path kernels) {
        shortages = shortages();
        return new AOTIModelContainerRunnerCuda(library.toString(), 1, KIND + ":" + index,
                kernels == null ? "" : kernels.toString(), true);
    }

    @Override
    public TorchGraphs graphs(String name) {
        return target.graphs(name);
    }

    @Override
    public boolean hasRunOutOfMemory() {
        long before = shortages;
        shortages = shortages();
        return shortages > before;
    }

    private long shortages() {
        return torch_cuda.getAllocator().getDeviceStats((byte) index).num_ooms();
    }
}
