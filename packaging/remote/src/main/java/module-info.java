/** Models that other machines evaluate, and serving them. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.paraflux.remote {
    requires transitive dev.paraflux;
    requires dev.paraflux.platform;
    requires java.logging;
    requires com.google.common;
    requires com.google.protobuf;
    requires io.grpc;
    requires io.grpc.netty.shaded;
    requires io.grpc.protobuf;
    requires io.grpc.services;
    requires io.grpc.stub;

    exports dev.paraflux.model.remote;
}
