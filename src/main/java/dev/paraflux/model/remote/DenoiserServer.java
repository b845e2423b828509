package dev.paraflux.model.remote;

import dev.paraflux.check.Reason;
import dev.paraflux.device.Lifetime;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Serves a model to other processes by the Open Inference Protocol over gRPC, to {@link RemoteDenoiser} and to any other
 * client: requests by raw tensors, float32 or int64, [rows, shape], under the names of the model's card; the answer is
 * {@code prediction}. Its metadata tell, as properties, the digest of the model and what its last bits depend on. It answers
 * gRPC's health checks, without a token too.
 *
 * <p>Requests are evaluated one after another; what the model does with the rows of one is the model's: see
 * {@link PretrainedDenoiser#setReplicas}, which is called before. A request whose sender has gone is given up. The model
 * stays its owner's.
 */
public final class DenoiserServer implements AutoCloseable {
    /** One that evaluates, and one that sends the answer before. */
    private static final int THREADS = 2;
    private static final int MOST_CALLS_A_CONNECTION = 64;
    private static final int HEAD_BYTES = 1 << 20;
    private static final int WINDOW_BYTES = 1 << 22;
    private static final long SHORTEST_PINGS_SECONDS = 5;
    private static final long FINISH_SECONDS = 5;

    private final Lifetime lifetime = new Lifetime("DenoiserServer");
    private final HealthStatusManager health = new HealthStatusManager();
    private final ServerRows.Pool pool;
    private final ExecutorService executor;
    private final Server server;

    private DenoiserServer(PretrainedDenoiser model, ServerOptions options, InetAddress address) throws IOException {
        ModelTensors tensors = new ModelTensors(model.card());
        pool = new ServerRows.Pool(model.card(), tensors, lifetime);
        executor = Executors.newFixedThreadPool(THREADS, work -> {
            Thread thread = new Thread(work, "paraflux-server");
            thread.setDaemon(true);
            return thread;
        });
        ServerServiceDefinition service = new InferenceService(model, tensors, pool, executor).definition();
        if (options.security().token().isPresent()) {
            service = ServerInterceptors.intercept(service, new TokenCheck(options.security().token().get()));
        }
        long mostBytes = pool.mostRows() * tensors.rowBytes() + HEAD_BYTES;
        ServerCredentials credentials = Credentials.ofServer(options.security());
        server = Credentials
                .understood(options.security(),
                        () -> NettyServerBuilder.forAddress(new InetSocketAddress(address, options.port()),
                                credentials))
                .directExecutor()
                .maxInboundMessageSize((int) Math.min(Integer.MAX_VALUE, mostBytes))
                .maxConcurrentCallsPerConnection(MOST_CALLS_A_CONNECTION)
                .permitKeepAliveTime(SHORTEST_PINGS_SECONDS, TimeUnit.SECONDS).permitKeepAliveWithoutCalls(true)
                .flowControlWindow(WINDOW_BYTES)
                .addService(service)
                .addService(health.getHealthService())
                .build();
    }

    /**
     * Begins to serve a model.
     *
     * @throws IOException              if the address cannot be listened at, or a certificate cannot be read; the message says
     *                                  why
     * @throws IllegalArgumentException if others than this machine's would be served without TLS, and nobody has said that
     *                                  they may; or a certificate or key is none
     * @throws IllegalStateException    if gRPC is not on the class path, or the model's file cannot be read again
     */
    public static DenoiserServer start(PretrainedDenoiser model, ServerOptions options) throws IOException {
        GrpcLibrary.require();
        GrpcLogs.quieten();
        InetAddress address = options.address();
        DenoiserServer started = GrpcLibrary.apart(() -> new DenoiserServer(model, options, address));
        try {
            GrpcLibrary.apart(started.server::start);
            started.lifetime.watch();
            return started;
        } catch (IOException e) {
            started.close();
            throw new IOException("address " + options + " cannot be listened at: " + Reason.of(e), e);
        } catch (RuntimeException | Error e) {
            started.close();
            throw e;
        }
    }

    /** The port that it listens at. */
    public int port() {
        return server.getPort();
    }

    /**
     * Ends it: no new request is taken, those under way are finished, for some seconds at most. A second call does nothing.
     */
    @Override
    public void close() {
        if (!lifetime.close()) {
            return;
        }
        health.enterTerminalState();
        server.shutdown();
        boolean interrupted = false;
        try {
            if (!server.awaitTermination(FINISH_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
            server.awaitTermination(FINISH_SECONDS, TimeUnit.SECONDS);
            executor.shutdown();
            executor.awaitTermination(FINISH_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
            server.shutdownNow();
            executor.shutdown();
        }
        pool.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
