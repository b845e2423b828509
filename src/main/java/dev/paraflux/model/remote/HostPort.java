package dev.paraflux.model.remote;

import dev.paraflux.check.IllegalValueException;

/**
 * An address as it is written: {@code HOST:PORT}.
 *
 * @param host name or address; of IPv6 without the brackets that it is written in
 * @param port 0 to 65535
 */
record HostPort(String host, int port) {
    static final int MOST_PORT = 65535;

    /**
     * What was written.
     *
     * @param name      of the value, for its refusal
     * @param leastPort 0 where a port may be left to the system, or 1
     * @param legal     in words, for its refusal
     * @throws IllegalValueException if it is no address
     */
    static HostPort of(String name, String text, int leastPort, String legal) {
        int colon = text.lastIndexOf(':');
        String written = text.substring(0, Math.max(0, colon));
        boolean bracketed = written.startsWith("[") && written.endsWith("]");
        String host = written.replaceAll("^\\[|]$", "");
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (!host.isBlank() && (bracketed || !written.contains(":")) && port >= leastPort && port <= MOST_PORT) {
                return new HostPort(host, port);
            }
        } catch (NumberFormatException e) {
            // It is told below.
        }
        throw new IllegalValueException(name, text, legal);
    }
}
