package dev.paraflux.model.remote;

import io.grpc.ChannelCredentials;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** The channel that all calls to a service's workers go through. */
final class WorkersChannel {
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final long KEEP_ALIVE_ANSWER_SECONDS = 5;
    private static final int WINDOW_BYTES = 1 << 22;

    static {
        GrpcLogs.quieten();
        LoadBalancerRegistry.getDefaultRegistry().register(new SpeedBalancerProvider());
        NameResolverRegistry.getDefaultRegistry().register(new WorkersResolverProvider());
    }

    private WorkersChannel() {}

    /** @param mostBytes of an answer */
    static ManagedChannel open(Workers workers, Greeting greeting, CallPolicies policies, int mostBytes)
            throws IOException {
        RemoteOptions options = workers.options();
        ChannelCredentials credentials = Credentials.ofClient(options.security());
        return Credentials
                .understood(options.security(),
                        () -> NettyChannelBuilder.forTarget(WorkersResolverProvider.SCHEME + ":///" + "workers",
                                credentials))
                .setNameResolverArg(Workers.ARGUMENT, workers)
                .setNameResolverArg(Greeting.ARGUMENT, greeting)
                .setNameResolverArg(CallPolicies.ARGUMENT, policies)
                // Whoever reads an answer does no more than copy it.
                .directExecutor()
                .maxInboundMessageSize(mostBytes)
                .maxHedgedAttempts(options.tries())
                // Requests are not copied for hedging: their rows stay where they are.
                .perRpcBufferLimit(Long.MAX_VALUE / 4).retryBufferSize(Long.MAX_VALUE / 2)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_ANSWER_SECONDS, TimeUnit.SECONDS)
                .flowControlWindow(WINDOW_BYTES)
                .build();
    }
}
