package dev.paraflux.cli.command;

import dev.paraflux.Cancellation;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.cli.option.ModelFileOptions;
import dev.paraflux.cli.option.RuntimeOptions;
import dev.paraflux.cli.option.SecurityOptions;
import dev.paraflux.cli.option.Typed;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.remote.DenoiserServer;
import dev.paraflux.model.remote.RemoteSecurity;
import dev.paraflux.model.remote.ServerOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code paraflux worker}: serves a model to others. */
@Command(name = "worker", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        description = {
                "Serves a model to sample, compare and plan of other processes or machines (--workers), and to any"
                        + " client of the Open Inference Protocol over gRPC, until it is ended by Ctrl-C or SIGTERM.",
                "Without TLS it listens for this machine alone. See docs/remote.md."})
public final class WorkerCommand implements Callable<Integer> {
    private static final String LISTEN = "--listen";
    private static final long LOOK_NANOS = 100_000_000;

    private final Cancellation interrupt;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelFileOptions model;

    @Option(names = LISTEN, paramLabel = "HOST:PORT", defaultValue = "localhost:8001",
            description = "Where; port 0 is one that is free. Default: ${DEFAULT-VALUE}.")
    private String listen;

    @Mixin
    private SecurityOptions security;

    @Mixin
    private RuntimeOptions runtime;

    @Option(names = "--replicas", paramLabel = "N",
            description = "Parts of a request that are evaluated at the same time; the same for all workers of a service."
                    + " Default: 1.")
    private Integer replicas;

    /** @param interrupt ends it */
    public WorkerCommand(Cancellation interrupt) {
        this.interrupt = interrupt;
    }

    /** What cannot be used is refused before the model is loaded. */
    @Override
    public Integer call() throws IOException {
        ServerOptions options = options();
        runtime.read();
        RuntimeOptions.requireThreads("--replicas", replicas);
        try (PretrainedDenoiser loaded = model.load(runtime.loading())) {
            loaded.setReplicas(replicas == null ? 1 : replicas);
            try (DenoiserServer server = security.open(LISTEN, () -> DenoiserServer.start(loaded, options))) {
                PrintWriter out = spec.commandLine().getOut();
                out.println("serving model " + loaded.card().name() + " " + loaded.card().shape() + " by "
                        + loaded.runtime() + " at " + options.host() + ":" + server.port() + ", "
                        + options.security());
                out.flush();
                while (!interrupt.isCancelled()) {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private ServerOptions options() throws IOException {
        ServerOptions options;
        try {
            options = ServerOptions.at(listen);
        } catch (IllegalValueException e) {
            throw e.named(LISTEN);
        }
        RemoteSecurity asked = security.read();
        if (asked.tls() && asked.certificate().isEmpty()) {
            throw IllegalValueException.missing("--tls-cert", "given for a worker with TLS");
        }
        ServerOptions all = security.insecure() ? options.withSecurity(asked).withPlainOpen()
                : options.withSecurity(asked);
        try {
            Typed.reached(LISTEN, all::address);
        } catch (IllegalValueException e) {
            throw new IllegalValueException(LISTEN, listen, e.legal() + "; or given with --tls-cert, or --insecure");
        }
        return all;
    }
}
