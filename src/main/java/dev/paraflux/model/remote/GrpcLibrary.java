package dev.paraflux.model.remote;

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
}
