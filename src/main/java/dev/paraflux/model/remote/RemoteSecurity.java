package dev.paraflux.model.remote;

import dev.paraflux.check.Require;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who may talk to whom, and whether others can read it: TLS, certificates of both sides, and a token. Files are PEM.
 *
 * @param tls         whether all that travels is encrypted
 * @param authorities certificates of authorities whose word for the other side is taken; by default those of the Java
 *                    runtime. A server that is given some asks its clients for certificates: mutual TLS
 * @param certificate of this side, with those up to its authority; a server with TLS needs one
 * @param key         its private key, PKCS#8 without a password
 * @param token       asked for at each call, so that it can change; what the server wants to hear as
 *                    {@code authorization: Bearer TOKEN}
 * @param tokenInClear whether the token may be sent to other machines without TLS
 */
public record RemoteSecurity(boolean tls, Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key,
        Optional<Supplier<String>> token, boolean tokenInClear) {
    /** Nothing: for one's own machine, or a network that is one's own. */
    public static final RemoteSecurity PLAIN = new RemoteSecurity(false, Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), false);
    /** TLS, with the authorities of the Java runtime. */
    public static final RemoteSecurity TLS = new RemoteSecurity(true, Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), false);

    /** Checks that the parts belong together. */
    public RemoteSecurity {
        Objects.requireNonNull(token, "token");
        Require.that(tls || authorities.isEmpty(), "authorities", authorities.orElse(null), "left out without TLS");
        Require.that(tls || certificate.isEmpty(), "certificate", certificate.orElse(null), "left out without TLS");
        Require.that(certificate.isPresent() || key.isEmpty(), "key", key.orElse(null), "given with its certificate");
        Require.that(key.isPresent() || certificate.isEmpty(), "certificate", certificate.orElse(null),
                "given with its key");
    }

    /** The same, with TLS and these authorities. */
    public RemoteSecurity withAuthorities(Path file) {
        return new RemoteSecurity(true, Optional.of(file), certificate, key, token, tokenInClear);
    }

    /** The same, with TLS and a certificate of this side. */
    public RemoteSecurity withCertificate(Path file, Path keyFile) {
        return new RemoteSecurity(true, authorities, Optional.of(file), Optional.of(keyFile), token, tokenInClear);
    }

    /** The same, with a token. */
    public RemoteSecurity withToken(Supplier<String> source) {
        return new RemoteSecurity(tls, authorities, certificate, key, Optional.of(source), tokenInClear);
    }

    /** The same, where the token may be sent to other machines without TLS: whoever is between them can read it. */
    public RemoteSecurity withTokenInClear() {
        return new RemoteSecurity(tls, authorities, certificate, key, token, true);
    }

    /** Whether a token would be sent to whoever is between, too, where it is not sent to this machine itself. */
    boolean keepsToken() {
        return token.isPresent() && !tls && !tokenInClear;
    }

    /** Without the token. */
    @Override
    public String toString() {
        return (tls ? certificate.isPresent() && authorities.isPresent() ? "mutual TLS" : "TLS" : "plain")
                + (token.isPresent() ? " with a token" : "");
    }
}
