package dev.paraflux.model.remote;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.Supplier;

/** Refuses calls without the token, in the same time whatever differs. */
record TokenCheck(Supplier<String> token) implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        String said = headers.get(Credentials.AUTHORIZATION);
        byte[] wanted;
        try {
            wanted = bytes(Credentials.BEARER + token.get());
        } catch (RuntimeException e) {
            // Why is not told to strangers.
            call.close(Status.UNAVAILABLE.withDescription("its token cannot be read"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        if (said != null && MessageDigest.isEqual(bytes(said), wanted)) {
            return next.startCall(call, headers);
        }
        call.close(Status.UNAUTHENTICATED.withDescription(
                said == null ? "it wants a token, and none was given" : "the token is another one than it wants"),
                new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
