package dev.paraflux.model.remote;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;

/**
 * Where a model is served, and to whom.
 *
 * @param host      name or address that is listened at: {@code localhost} is for this machine alone, {@code 0.0.0.0} all that
 *                  it has
 * @param port      0 to 65535; 0 for one that is free
 * @param security  TLS and token
 * @param plainOpen whether others may be served without TLS: whoever is between them can read and change all
 */
public record ServerOptions(String host, int port, RemoteSecurity security, boolean plainOpen) {
    /** For this machine alone, at a port that is free. */
    public static final ServerOptions LOCAL = new ServerOptions("localhost", 0, RemoteSecurity.PLAIN, false);

    /** Checks the values. */
    public ServerOptions {
        Require.that(!host.isBlank(), "host", host, "a name or an address");
        Require.between(0, HostPort.MOST_PORT, "port", port);
        Objects.requireNonNull(security, "security");
    }

    /**
     * Of an address that is written {@code HOST:PORT}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ServerOptions at(String address) {
        HostPort where = HostPort.of("address", address, 0,
                "HOST:PORT, with a port of 0 (one that is free) to 65535, for example localhost:8001");
        return new ServerOptions(where.host(), where.port(), RemoteSecurity.PLAIN, false);
    }

    /**
     * The address that is listened at.
     *
     * @throws IOException              if none is known for the host
     * @throws IllegalArgumentException if others than this machine's would be served without TLS, and nobody has said that
     *                                  they may
     */
    public InetAddress address() throws IOException {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IOException("address " + this + ": no address is known for " + host, e);
        }
        if (!address.isLoopbackAddress() && !security.tls() && !plainOpen) {
            throw new IllegalValueException("address", this, "one of this machine alone, for example localhost:" + port
                    + ", without TLS: others could read and change all that travels");
        }
        return address;
    }

    /** The same with other security. */
    public ServerOptions withSecurity(RemoteSecurity other) {
        return new ServerOptions(host, port, other, plainOpen);
    }

    /** The same, where others may be served without TLS. */
    public ServerOptions withPlainOpen() {
        return new ServerOptions(host, port, security, true);
    }

    /** The address as it is written. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
