package dev.paraflux.model.remote;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Reason;
import dev.paraflux.check.Require;
import io.grpc.CallCredentials;
import io.grpc.ChannelCredentials;
import io.grpc.CompositeChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.ServerCredentials;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** {@link RemoteSecurity} as gRPC takes it. */
final class Credentials {
    static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);
    static final String BEARER = "Bearer ";

    private Credentials() {}

    static ChannelCredentials ofClient(RemoteSecurity security) throws IOException {
        ChannelCredentials base = InsecureChannelCredentials.create();
        if (security.tls()) {
            TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
            if (security.authorities().isPresent()) {
                builder.trustManager(security.authorities().get().toFile());
            }
            if (security.certificate().isPresent()) {
                builder.keyManager(security.certificate().get().toFile(), security.key().orElseThrow().toFile());
            }
            base = builder.build();
        }
        return security.token().isPresent()
                ? CompositeChannelCredentials.create(base, new Bearer(security)) : base;
    }

    /**
     * Refuses workers on other machines that would be sent the token without TLS. Names without an address are passed over.
     *
     * @throws IllegalArgumentException that names such a worker
     */
    static void requireTokenKept(RemoteOptions options) {
        if (!options.security().keepsToken()) {
            return;
        }
        for (String worker : options.workers()) {
            try {
                for (InetAddress address : InetAddress.getAllByName(RemoteOptions.address(worker).host())) {
                    Require.that(address.isLoopbackAddress(), "workers", worker, "of this machine, for example"
                            + " localhost:8001, where a token is sent without TLS: others could read the token");
                }
            } catch (UnknownHostException e) {
                // It is told when it is connected to.
            }
        }
    }

    static ServerCredentials ofServer(RemoteSecurity security) throws IOException {
        if (!security.tls()) {
            return InsecureServerCredentials.create();
        }
        if (security.certificate().isEmpty()) {
            throw IllegalValueException.missing("certificate", "given for a server with TLS");
        }
        TlsServerCredentials.Builder builder = TlsServerCredentials.newBuilder()
                .keyManager(security.certificate().get().toFile(), security.key().orElseThrow().toFile());
        if (security.authorities().isPresent()) {
            builder.trustManager(security.authorities().get().toFile())
                    .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE);
        }
        return builder.build();
    }

    /**
     * Has gRPC read the files.
     *
     * @throws IllegalValueException if it can make nothing of this side's certificate and key, or of the authorities
     */
    static <T> T understood(RemoteSecurity security, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            if (!security.tls()) {
                throw e;
            }
            throw new IllegalValueException("certificate",
                    security.certificate().or(security::authorities).orElse(null),
                    "PEM files of certificates, and of the first one's key, PKCS#8 without a password: "
                            + Reason.of(e),
                    e);
        }
    }

    /** Puts the token into each call. */
    static final class Bearer extends CallCredentials {
        private final Supplier<String> source;
        private final boolean kept;

        Bearer(RemoteSecurity security) {
            source = security.token().orElseThrow();
            kept = security.keepsToken();
        }

        @Override
        public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
            // Where a name leads can change after it was looked at.
            if (kept && !(request.getTransportAttrs()
                    .get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress there
                    && there.getAddress().isLoopbackAddress())) {
                applier.fail(Status.UNAUTHENTICATED.withDescription("without TLS it is not sent the token"));
                return;
            }
            try {
                Metadata headers = new Metadata();
                headers.put(AUTHORIZATION, BEARER + source.get());
                applier.apply(headers);
            } catch (RuntimeException e) {
                applier.fail(Status.UNAUTHENTICATED.withDescription("there is no token: " + Reason.of(e)));
            }
        }
    }
}
