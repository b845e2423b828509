package dev.paraflux.model.remote;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Reason;
import io.grpc.CallCredentials;
import io.grpc.ChannelCredentials;
import io.grpc.CompositeChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.ServerCredentials;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
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
                ? CompositeChannelCredentials.create(base, new Bearer(security.token().get())) : base;
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

    private static final class Bearer extends CallCredentials {
        private final Supplier<String> source;

        Bearer(Supplier<String> source) {
            this.source = source;
        }

        @Override
        public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
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
