package dev.paraflux.model.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Passes on what comes between clients and a server, counts it, and can stop: nobody is told that there was more. */
final class Relay implements AutoCloseable {
    private final AtomicLong there = new AtomicLong();
    private final AtomicLong back = new AtomicLong();
    private final List<Socket> ends = new ArrayList<>();
    private final ServerSocket listening = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());

    /** To a server at a port of this machine. */
    Relay(int target) throws IOException {
        this(target, Long.MAX_VALUE);
    }

    /** @param mostBack bytes of answers that are passed on */
    Relay(int target, long mostBack) throws IOException {
        run(() -> {
            while (true) {
                Socket client = kept(listening.accept());
                Socket server = kept(new Socket(InetAddress.getLoopbackAddress(), target));
                run(() -> pass(client, server, there, Long.MAX_VALUE));
                run(() -> pass(server, client, back, mostBack));
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void run(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // It is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized Socket kept(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        ends.add(socket);
        return socket;
    }

    private static void pass(Socket from, Socket to, AtomicLong count, long most) throws IOException {
        byte[] piece = new byte[1 << 14];
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(piece); n >= 0 && count.get() < most; n = in.read(piece)) {
            out.write(piece, 0, n);
            count.addAndGet(n);
        }
        if (count.get() < most) {
            to.shutdownOutput();
        }
    }

    String address() {
        return "localhost:" + listening.getLocalPort();
    }

    /** Bytes that clients have sent. */
    long there() {
        return there.get();
    }

    /** Bytes that they were answered. */
    long back() {
        return back.get();
    }

    @Override
    public synchronized void close() throws IOException {
        listening.close();
        for (Socket end : ends) {
            end.close();
        }
    }
}
