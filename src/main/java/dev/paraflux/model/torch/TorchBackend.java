package dev.paraflux.model.torch;

import dev.paraflux.model.pretrained.Backend;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.LoadedModel;
import dev.paraflux.model.pretrained.LoadedNetwork;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;
import java.nio.file.Path;

/**
 * TorchScript modules, run by libtorch, on the CPU or on a device that it has: {@code forward(x, t, ...)} with the inputs
 * that the card names, in its order. libtorch specialises a module for each batch size it meets; each is warmed up once. A
 * row's last bits can depend on the number of libtorch's threads.
 *
 * <p>The file is checked before libtorch reads it. It is a program all the same: load only files that you would run.
 */
public final class TorchBackend implements Backend {
    /** What its models are called. */
    public static final String NAME = "torchscript";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String runtime() {
        TorchLibrary.require();
        return "libtorch " + TorchLibrary.version();
    }

    @Override
    public LoadedModel load(Path file, ModelCard card, LoadOptions options) throws IOException {
        card.requireNoneJoined("TorchScript");
        TorchArchive.check(file);
        TorchLibrary.require();
        TorchTarget target = TorchTarget.of(options.device());
        String name = "model " + card.name();
        TorchGraphs graphs = options.graphs() ? target.graphs(name) : TorchGraphs.none(name);
        return TorchRoom.read(() -> TorchModule.load(file, name, options, target, graphs));
    }

    @Override
    public LoadedNetwork network(Path file, LoadOptions options) throws IOException {
        TorchArchive.check(file);
        TorchLibrary.require();
        return TorchRoom.read(() -> TorchNetwork.load(file, options));
    }
}
