package dev.paraflux.model.remote;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Has gRPC not log as errors, with traces, what is none: that a server has no health checks, that a stranger sends bytes that
 * are not HTTP/2, or messages that are none or too long, which would fill a disk with traces, that a client waits for an
 * answer no longer, and names without an address, which exceptions tell. Whoever wants to see them sets these levels
 * before.
 */
final class GrpcLogs {
    /** Loggers are forgotten, with their levels, where nobody refers to them. */
    private static final List<Logger> LOGGERS = List.of(
            Logger.getLogger("io.grpc.protobuf.services.HealthCheckingLoadBalancerFactory"),
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerTransport"),
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler"),
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerStream"),
            Logger.getLogger("io.grpc.internal.SerializeReentrantCallsDirectExecutor"),
            Logger.getLogger("io.grpc.internal.ManagedChannelImpl"));

    private GrpcLogs() {}

    static void quieten() {
        for (Logger logger : LOGGERS) {
            if (logger.getLevel() == null) {
                logger.setLevel(Level.OFF);
            }
        }
    }
}
