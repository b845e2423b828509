package dev.paraflux.model.remote;

import dev.paraflux.device.Lifetime;
import dev.paraflux.model.Batch;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.ModelCard;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Sends the rows of calls to the workers of a service, and keeps what that takes. One call at a time. */
final class RemoteCalls implements AutoCloseable {
    private static final long RECONNECT_NANOS = 1_000_000_000L;
    private static final long CLOSE_SECONDS = 5;
    private static final long LEAST_SILENCE_NANOS = 1_000_000_000L;
    /** Names and shapes of a message. */
    private static final int HEAD_BYTES = 1 << 16;

    private final ModelCard card;
    private final ModelTensors tensors;
    private final RemoteOptions options;
    private final String service;
    private final Workers workers;
    private final CallPolicies policies;
    private final ManagedChannel channel;
    private final Lifetime owner;
    private final ArrayDeque<Arguments> idle = new ArrayDeque<>();
    private final Map<Integer, byte[]> heads = new HashMap<>();
    private long reconnected;
    private boolean closed;

    RemoteCalls(ModelCard card, RemoteOptions options, Lifetime owner) throws IOException {
        this.card = card;
        this.options = options;
        this.owner = owner;
        tensors = new ModelTensors(card);
        service = options.service().orElse(card.name());
        workers = new Workers(options);
        policies = new CallPolicies(options);
        long bytes = tensors.answer().bytes() * (long) options.chunkRows() + HEAD_BYTES;
        channel = GrpcLibrary.apart(() -> WorkersChannel.open(workers, new Greeting(service, tensors), policies,
                (int) Math.min(Integer.MAX_VALUE, bytes)));
    }

    /** Connects to all workers, and waits until it is known what becomes of each, though not for ever. */
    void connect() throws IOException {
        GrpcLibrary.apart(() -> channel.getState(true));
        workers.awaitSettled(options.patience().toNanos());
    }

    ModelTensors tensors() {
        return tensors;
    }

    RemoteOptions options() {
        return options;
    }

    String service() {
        return service;
    }

    Workers workers() {
        return workers;
    }

    ManagedChannel channel() {
        return channel;
    }

    /** Evaluates a batch that is held, and whose conditions are legal. */
    void evaluate(Batch batch) {
        policies.measured(workers.chunkNanos());
        Round round = new Round(this, batch, options.chunkRows());
        workers.tellChanges(round::send);
        try {
            round.run();
        } finally {
            workers.tellChanges(() -> {});
        }
    }

    /**
     * How long nothing more may come of an answer that has begun: as long as chunks may take before they are asked of another
     * worker as well, and no less than pauses of this process take, which say nothing of the worker.
     */
    long silenceNanos() {
        return Math.max(LEAST_SILENCE_NANOS, policies.hedge().toNanos());
    }

    /** Has workers that cannot be reached be tried again sooner than gRPC would. */
    void heedLost() {
        long now = System.nanoTime();
        if (now - reconnected > RECONNECT_NANOS && workers.hasLost()) {
            reconnected = now;
            channel.resetConnectBackoff();
        }
    }

    /** All of a request but its tensors. */
    synchronized byte[] head(int rows) {
        return heads.computeIfAbsent(rows, count -> tensors.requestHead(service, "", output(), count));
    }

    private String output() {
        ServedModel served = workers.served();
        return served == null ? "" : served.output();
    }

    /** Memory for what a chunk takes besides x, until it is given back. */
    synchronized Arguments arguments() {
        Arguments one = idle.poll();
        return one != null ? one : owner.own(() -> new Arguments(card, options.chunkRows()));
    }

    synchronized void giveBack(Arguments one) {
        if (closed) {
            one.close();
        } else {
            idle.push(one);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        boolean interrupted = false;
        try {
            channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        synchronized (this) {
            closed = true;
            idle.forEach(Arguments::close);
            idle.clear();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
