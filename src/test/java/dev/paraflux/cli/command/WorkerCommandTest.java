package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Cancellation;
import dev.paraflux.FreePort;
import dev.paraflux.cli.CommandRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code paraflux worker}, and those who have it work: in one virtual machine, as they would be in two. */
@Timeout(120)
class WorkerCommandTest {
    @TempDir
    private Path folder;

    /** A worker on a thread of its own, until it is closed. */
    private static final class Worker implements AutoCloseable {
        private final Cancellation interrupt = new Cancellation();
        private final CommandRun[] ended = new CommandRun[1];
        private final Thread thread;
        final int port;

        Worker(Object... options) throws IOException {
            port = FreePort.find();
            Object[] arguments = new Object[options.length + 3];
            arguments[0] = "worker";
            arguments[1] = "--listen";
            arguments[2] = "localhost:" + port;
            System.arraycopy(options, 0, arguments, 3, options.length);
            thread = new Thread(() -> ended[0] = CommandRun.of(interrupt, arguments));
            thread.start();
            while (thread.isAlive()) {
                try {
                    new Socket(InetAddress.getLoopbackAddress(), port).close();
                    return;
                } catch (IOException e) {
                    LockSupport.parkNanos(50_000_000);
                }
            }
            throw new IllegalStateException(ended[0].errors());
        }

        String address() {
            return "localhost:" + port;
        }

        CommandRun end() {
            interrupt.cancel();
            while (thread.isAlive()) {
                LockSupport.parkNanos(10_000_000);
            }
            return ended[0];
        }

        @Override
        public void close() {
            end();
        }
    }

    /** One row at a time is one row at a time, here and there. */
    @Test
    void twoWorkersDrawTheDigitThatOneProcessDraws() throws Exception {
        Path here = folder.resolve("here.png");
        Path there = folder.resolve("there.png");
        CommandRun
                .of("sample", "--labels", 3, "--steps", 5, "--replicas", 1, "--guidance", 1, "--out", here)
                .requireCode(0);
        try (Worker one = new Worker(); Worker other = new Worker()) {
            CommandRun.of("sample", "--labels", 3, "--steps", 5, "--guidance", 1, "--workers",
                    one.address() + "," + other.address(), "--chunk-rows", 1, "--out", there)
                    .requireCode(0);
            CommandRun compared = CommandRun.of("compare", "--labels", 3, "--steps", 6, "--methods", "picard",
                    "--workers", one.address() + "," + other.address());
            assertTrue(compared.requireCode(0).output().contains("picard"), compared.output());
            CommandRun.of("plan", "--labels", 3, "--steps", 6, "--workers", one.address()).requireCode(0);
            CommandRun ended = one.end().requireCode(0);
            assertTrue(ended.output().startsWith("serving model digits [1, 28, 28] by libtorch"), ended.output());
            assertTrue(ended.output().contains(" at " + one.address() + ", plain"), ended.output());
            // One that is gone is told of, and the other goes on.
            CommandRun left = CommandRun.of("sample", "--labels", 3, "--steps", 5, "--guidance", 1, "--workers",
                    one.address() + "," + other.address(), "--chunk-rows", 1, "--insecure", "--out", there)
                    .requireCode(0);
            assertTrue(left.errors().contains("going on without some workers: worker " + one.address()), left.errors());
        }
        // Nor does the file tell who has evaluated its rows.
        assertArrayEquals(Files.readAllBytes(here), Files.readAllBytes(there));
    }

    @Test
    void whatCannotWorkTogetherIsTold() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "sesame\n");
        Path wrong = Files.writeString(folder.resolve("wrong"), "open\n");
        Path out = folder.resolve("a.png");
        try (Worker worker = new Worker("--token-file", token)) {
            CommandRun.of("sample", "--out", out, "--workers", worker.address()).requireRefusal(2, "--workers: ",
                    "it refuses: it wants a token, and none was given");
            CommandRun.of("sample", "--out", out, "--workers", worker.address(), "--token-file", wrong)
                    .requireRefusal(2, "it refuses: the token is another one than it wants");
            CommandRun.of("sample", "--out", out, "--workers", worker.address(), "--token-file", token, "--steps", 2)
                    .requireCode(0);
            CommandRun.of("worker", "--listen", worker.address()).requireRefusal(2, "--listen: ",
                    "Address already in use");
            CommandRun.of("sample", "--out", out, "--workers", "192.0.2.1:8001", "--token-file", token)
                    .requireRefusal(2, "--workers \"192.0.2.1:8001\": must be of this machine",
                            "where a token is sent without TLS", "--insecure");
            Files.delete(out);
        }
        CommandRun.of("sample", "--out", out, "--workers", "localhost:" + FreePort.find()).requireRefusal(2,
                "--workers: ",
                "no worker can be reached", "Connection refused");
        assertEquals(false, Files.exists(out));
    }

    /** As sample says it: it is no fault of the file. */
    @Test
    void aPrecisionThatTheModelCannotHaveIsRefusedByItsOption() throws Exception {
        Path graph = Path.of(WorkerCommandTest.class.getResource("/dev/paraflux/model/networks/actions.onnx").toURI());
        for (String command : new String[] {"worker", "sample"}) {
            CommandRun.of(command, "--model", graph, "--precision", "bfloat16").requireRefusal(2,
                    "--precision bfloat16: must be float32, which the graph of " + graph);
        }
    }

    /** Before a model is loaded. */
    @Test
    void illegalOptionsAreRefused() throws Exception {
        Path old = Files.writeString(folder.resolve("old.key"), "-----BEGIN RSA PRIVATE KEY-----\n");
        Path none = Files.writeString(folder.resolve("none.key"),
                "-----BEGIN PRIVATE KEY-----\nYWJj\n-----END PRIVATE KEY-----\n");
        Path certificate = Files.writeString(folder.resolve("a.pem"), "-----BEGIN CERTIFICATE-----\n");
        CommandRun.of("worker", "--tls-cert", certificate, "--tls-key", old).requireRefusal(2, "--tls-key: " + old
                + " has no private key in PKCS#8 without a password: it must be a PEM file with"
                + " -----BEGIN PRIVATE KEY-----");
        CommandRun.of("worker", "--tls-cert", certificate, "--tls-key", none).requireRefusal(2,
                "--tls-cert " + certificate + ": must be PEM files of certificates");
        CommandRun.of("worker", "--listen", "0.0.0.0:0").requireRefusal(2, "--listen", "without TLS", "--insecure");
        CommandRun.of("worker", "--tls").requireRefusal(2, "--tls-cert missing: must be given for a worker with TLS");
        CommandRun.of("worker", "--listen", "no-such-host.invalid:1").requireRefusal(2, "--listen: ",
                "no address is known for");
        CommandRun.of("sample", "--workers", "localhost:1", "--replicas", 2).requireRefusal(2, "--replicas 2: must be",
                "left out where --workers is given");
        CommandRun.of("sample", "--workers", "localhost:1", "--model-device", "cpu").requireRefusal(2,
                "--model-device \"cpu\": must be left out where --workers is given");
        CommandRun.of("sample", "--insecure").requireRefusal(2, "--insecure", "given with --workers");
        CommandRun.of("sample", "--chunk-rows", 2).requireRefusal(2, "--chunk-rows 2: must be given with --workers");
    }
}
