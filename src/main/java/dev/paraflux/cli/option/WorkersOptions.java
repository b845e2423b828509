package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.remote.RemoteDenoiser;
import dev.paraflux.model.remote.RemoteOptions;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that have a model's rows evaluated by workers. */
final class WorkersOptions {
    private static final String OPTION = "--workers";

    @Option(names = OPTION, split = ",", paramLabel = "HOST:PORT",
            description = "Have the model evaluated by these: paraflux worker, or a model server such as Triton. --model then"
                    + " says which model they must have; its card is needed, the file itself not. See docs/remote.md.")
    private List<String> addresses;

    @Option(names = "--service", paramLabel = "NAME",
            description = "What the workers call the model. Default: as its card does.")
    private String service;

    @Option(names = "--chunk-rows", paramLabel = "N",
            description = "Rows that a worker is sent at a time; the last bits of a sample depend on it. Default: "
                    + RemoteOptions.CHUNK_ROWS + ".")
    private Integer chunkRows;

    @Mixin
    private SecurityOptions security;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    private RemoteOptions options;

    /** Checks them, and reads the files. */
    void read() throws IOException {
        if (addresses == null) {
            String because = "given with " + OPTION;
            if (service != null) {
                throw new IllegalValueException("--service", service, because);
            }
            if (chunkRows != null) {
                throw new IllegalValueException("--chunk-rows", chunkRows, because);
            }
            security.requireLeftOut(because);
            return;
        }
        RemoteOptions all = Typed.as(OPTION, () -> RemoteOptions.of(addresses));
        all = Typed.with(all, "--service", service, RemoteOptions::withService);
        all = Typed.with(all, "--chunk-rows", chunkRows, RemoteOptions::withChunkRows);
        options = all.withSecurity(security.read());
    }

    boolean given() {
        return addresses != null;
    }

    /** Refuses an option of the model here. */
    void requireAlone(String option, Object value) {
        Typed.requireAlone(option, value, OPTION, addresses);
    }

    /**
     * Connects to them.
     *
     * @param model that they must have
     */
    RemoteDenoiser connect(ModelFileOptions model) throws IOException {
        ModelCard card = model.card();
        RemoteOptions all = model.sha256().map(options::withSha256).orElse(options);
        RemoteDenoiser remote;
        try {
            remote = security.open(OPTION, () -> RemoteDenoiser.connect(card, all));
        } catch (IllegalValueException e) {
            throw e.name().equals("workers")
                    ? e.named(OPTION).withLegal(e.legal() + "; or given with --tls, or --insecure")
                    : e;
        }
        if (!remote.troubles().isEmpty()) {
            spec.commandLine().getErr().println("paraflux: going on without some workers: " + remote.troubles());
        }
        return remote;
    }
}
