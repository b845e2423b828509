package dev.paraflux.model.remote;

import dev.paraflux.thread.Apart;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** Tells whether gRPC is there, which it is only where someone has put it on the class path. */
final class GrpcLibrary {
    private static final String JARS = "io.grpc:grpc-netty-shaded, grpc-protobuf, grpc-stub and grpc-services, and"
            + " com.google.protobuf:protobuf-java";

    private GrpcLibrary() {}

    /**
     * Makes sure that it is there.
     *
     * @throws IllegalStateException if a jar is missing
     */
    static void require() {
        for (String name : new String[] {"io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder",
                "io.grpc.protobuf.ProtoUtils", "io.grpc.stub.ServerCalls",
                "io.grpc.protobuf.services.HealthStatusManager",
                "com.google.protobuf.GeneratedMessage"}) {
            try {
                Class.forName(name, false, GrpcLibrary.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(
                        "models on other machines are reached by gRPC, which is not on the class"
                                + " path: add " + JARS + ", which dev.paraflux:paraflux-remote brings",
                        e);
            }
        }
    }

    /**
     * Does what begins gRPC's threads, which all users of it share, and initializes its classes, of which some keep an exception
     * with all that was on the stack.
     */
    static <T> T apart(Callable<T> work) throws IOException {
        try {
            return Apart.call("paraflux-grpc", 0, () -> {
                initialize();
                return work.call();
            });
        } catch (ExecutionException e) {
            Throwable thrown = e.getCause();
            if (thrown instanceof IOException failure) {
                throw failure;
            }
            if (thrown instanceof Error error) {
                throw error;
            }
            throw thrown instanceof RuntimeException refusal ? refusal : new IllegalStateException(thrown);
        }
    }

    /** Those that would be initialized by whoever closes something first. */
    private static void initialize() {
        for (String name : new String[] {"Immediate", "Global"}) {
            try {
                Class.forName("io.grpc.netty.shaded.io.netty.util.concurrent." + name + "EventExecutor", true,
                        GrpcLibrary.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                // Another version of gRPC, which does without.
            }
        }
    }
}
