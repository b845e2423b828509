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
    private static final String AUTHORITIES = "--tls-ca";
    private static final String CERTIFICATE = "--tls-cert";

    @Option(names = "--tls",
            description = "Encrypt what travels; the other side's certificate is checked against the Java"
                    + " runtime's authorities, or --tls-ca.")
    private boolean tls;

    @Option(names = AUTHORITIES, paramLabel = "FILE.pem",
            description = "Certificates of authorities that may vouch for the other side. A worker that is given some asks for"
                    + " certificates.")
    private Path authorities;

    @Option(names = CERTIFICATE, paramLabel = "FILE.pem", description = "This side's certificate, with --tls-key.")
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
        requireLeftOut(AUTHORITIES, authorities, because);
        requireLeftOut(CERTIFICATE, certificate, because);
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
        requirePem(AUTHORITIES, authorities, ".*CERTIFICATE", "certificate", "CERTIFICATE");
        requirePem(CERTIFICATE, certificate, ".*CERTIFICATE", "certificate", "CERTIFICATE");
        requirePem("--tls-key", key, "PRIVATE KEY", "private key in PKCS#8 without a password", "PRIVATE KEY");
        if (certificate == null && key != null) {
            throw new IllegalValueException("--tls-key", key, "given with --tls-cert");
        }
        if (certificate != null && key == null) {
            throw new IllegalValueException(CERTIFICATE, certificate, "given with --tls-key");
        }
        RemoteSecurity security = tls ? RemoteSecurity.TLS : RemoteSecurity.PLAIN;
        security = authorities == null ? security : security.withAuthorities(authorities);
        security = certificate == null ? security : security.withCertificate(certificate, key);
        TokenFile read = Typed.file("--token-file", token, () -> TokenFile.read(token));
        security = read == null ? security : security.withToken(read);
        return insecure ? security.withTokenInClear() : security;
    }

    /**
     * Reaches the addresses that another option names, for which the files are needed.
     *
     * @throws IllegalValueException if they are not what they should be, by the option that named them
     */
    public <T> T open(String option, Typed.FileReader<T> reader) throws IOException {
        try {
            return Typed.reached(option, reader);
        } catch (IllegalValueException e) {
            throw e.name().equals("certificate") ? e.named(certificate == null ? AUTHORITIES : CERTIFICATE) : e;
        }
    }

    /** Whether others may be talked to without TLS. */
    public boolean insecure() {
        return insecure;
    }

    private static void requirePem(String option, Path file, String head, String what, String line)
            throws IOException {
        Typed.file(option, file, () -> {
            if (TextFile.lines(file).stream().noneMatch(one -> one.matches("-----BEGIN " + head + "-----"))) {
                throw new IOException(file + " has no " + what + ": it must be a PEM file with -----BEGIN " + line
                        + "-----");
            }
            return file;
        });
    }
}
