package dev.paraflux.model.aoti;

import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.torch.TorchGraphs;
import dev.paraflux.model.torch.TorchTarget;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.pytorch.AOTIModelContainerRunner;
import org.bytedeco.pytorch.AOTIModelContainerRunnerCpu;

/** The CPU, on rows of the host. */
final class AotiCpu implements AotiDevice {
    static final String KIND = "cpu";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void refuse(AotiArchive archive, String found) throws IOException {
        String where = found.equals(AotiCuda.KIND)
                ? "say on which device it is to run (LoadOptions.withDevice, --model-device cuda:0), or "
                : "";
        throw archive.unfit("it was compiled for " + found + ", and not for the CPU: " + where
                + "export it with --device cpu (tools/README.md)");
    }

    @Override
    public void require(AotiArchive archive) {
        AotiLibrary.require();
    }

    @Override
    public TorchTarget target() {
        return TorchTarget.HOST;
    }

    /** In as many instances as calls can run at the same time, over the same weights. */
    @Override
    public AOTIModelContainerRunner load(Path library, Path kernels) {
        return new AOTIModelContainerRunnerCpu(library.toString(), LoadOptions.mostThreads(), false);
    }

    @Override
    public TorchGraphs graphs(String name) {
        return TorchGraphs.none(name);
    }

    @Override
    public boolean hasRunOutOfMemory() {
        return false;
    }
}
