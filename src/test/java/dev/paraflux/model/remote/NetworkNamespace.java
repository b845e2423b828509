package dev.paraflux.model.remote;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A network namespace of this machine, as if it were another machine, one cable away. */
final class NetworkNamespace implements AutoCloseable {
    private static final int MOST = 8;
    private static final long PROCESS = ProcessHandle.current().pid() % 10_000;

    private final int number;
    private final String name;

    private NetworkNamespace(int number) {
        this.number = number;
        name = "paraflux" + PROCESS + "-" + number;
    }

    /** Makes some, 8 at most; none where they cannot be made, which takes the rights of root and iproute2. */
    static List<NetworkNamespace> make(int count) {
        List<NetworkNamespace> all = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            NetworkNamespace one = new NetworkNamespace(k);
            all.add(one);
            if (!one.isMade()) {
                all.forEach(NetworkNamespace::close);
                return List.of();
            }
        }
        return all;
    }

    private boolean isMade() {
        String end = "pf" + PROCESS + "-" + number;
        return run("ip", "netns", "add", name)
                && run("ip", "link", "add", end, "type", "veth", "peer", "name", "eth0", "netns", name)
                && run("ip", "addr", "add", address(1) + "/30", "dev", end)
                && run("ip", "link", "set", end, "up")
                && run("ip", "-n", name, "addr", "add", address(2) + "/30", "dev", "eth0")
                && run("ip", "-n", name, "link", "set", "eth0", "up")
                && run("ip", "-n", name, "link", "set", "lo", "up");
    }

    /** Of the addresses that are kept for such tests (RFC 2544, 198.18.0.0/15), four for each network of each process. */
    private String address(int host) {
        long at = (PROCESS * MOST + number) * 4 % (1 << 17) + host;
        return "198." + (18 + at / 65536) + "." + at / 256 % 256 + "." + at % 256;
    }

    /** Where whoever listens within it is found. */
    String host() {
        return address(2);
    }

    /** Words before a command that is to run within it. */
    String[] words() {
        return new String[] {"ip", "netns", "exec", name};
    }

    /** Cuts it off, or mends that. Nobody is told: what is sent is lost, and no connection is closed. */
    void setCut(boolean cut) {
        String state = cut ? "down" : "up";
        if (!run("ip", "-n", name, "link", "set", "eth0", state)) {
            throw new IllegalStateException("the link of " + name + " cannot be set " + state);
        }
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        run("ip", "netns", "del", name);
    }
}
