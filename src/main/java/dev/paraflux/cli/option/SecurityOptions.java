package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.io.TextFile;
import dev.paraflux.model.remote.RemoteSecurity;
import dev.paraflux.model.remote.TokenFile;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that say who may talk to whom, of a worker and of those who have it work. */
public final class SecurityOptions {
    @Option(names = "--tls",
            description = "Encrypt what travels; the other side's certificate is checked against the Java"
                    + " runtime's authorities, or --tls-ca.")
    private boolean tls;

    @Option(names = "--tls-ca", paramLabel = "FILE.pem",
            description = "Certificates of authorities that may vouch for the other side. A worker that is given some asks for"
                    + " certificates.")
    private Path authorities;

    @Option(names = "--tls-cert", paramLabel = "FILE.pem", description = "This side's certificate, with --tls-key.")
    private Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE.pem", description = "Its private key, PKCS#8 without a password.")
    private Path key;

    @Option(names = "--token-file", paramLabel = "FILE",
            description = "A token that the worker asks for, alone in this file; read again when it changes.")
    private Path token;
    @Option(names = "--insecure",
            description = "Without TLS serve other machines, or send them the token: whoever is between can read and"
                    + " change all.")
    private boolean insecure;

    /** Refuses them where nothing needs them. */
    void requireLeftOut(String because) {
        requireLeftOut("--tls", tls ? true : null, because);
        requireLeftOut("--tls-ca", authorities, because);
        requireLeftOut("--tls-cert", certificate, because);
        requireLeftOut("--tls-key", key, because);
        requireLeftOut("--token-file", token, because);
        requireLeftOut("--insecure", insecure ? true : null, because);
    }

    private static void requireLeftOut(String option, Object value, String because) {
        if (value != null) {
            throw new IllegalValueException(option, value, because);
        }
    }

    /**
     * Reads the files.
     *
     * @throws IOException if one cannot be read, or is not what it should be; the message names the option
     */
    public RemoteSecurity read() throws IOException {
        requirePem("--tls-ca", authorities, ".*CERTIFICATE", "CERTIFICATE", "");
        requirePem("--tls-cert", certificate, ".*CERTIFICATE", "CERTIFICATE", "");
        requirePem("--tls-key", key, "PRIVATE KEY", "BEGIN PRIVATE KEY", ", PKCS#8 without a password");
        if (certificate == null && key != null) {
            throw new IllegalValueException("--tls-key", key, "given with --tls-cert");
        }
        if (certificate != null && key == null) {
            throw new IllegalValueException("--tls-cert", certificate, "given with --tls-key");
        }
        RemoteSecurity security = tls ? RemoteSecurity.TLS : RemoteSecurity.PLAIN;
        security = authorities == null ? security : security.withAuthorities(authorities);
        security = certificate == null ? security : security.withCertificate(certificate, key);
        TokenFile read = Typed.file("--token-file", token, () -> TokenFile.read(token));
        security = read == null ? security : security.withToken(read);
        return insecure ? security.withTokenInClear() : security;
    }

    /** Whether others may be talked to without TLS. */
    public boolean insecure() {
        return insecure;
    }

    private static void requirePem(String option, Path file, String head, String what, String more)
            throws IOException {
        Typed.file(option, file, () -> {
            if (TextFile.lines(file).stream().noneMatch(line -> line.matches("-----BEGIN " + head + "-----"))) {
                throw new IOException(file + " has no " + what + ": it must be a PEM file with one" + more);
            }
            return file;
        });
    }
}
