package dev.paraflux.model.remote;

import dev.paraflux.model.Batch;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.UnwantedException;
import dev.paraflux.model.pretrained.Arguments;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * One call of the model: its chunks, several of them under way at a time, each sent off when another is done. A chunk whose
 * answer cannot be taken is done again, by others, and given up after some tries.
 */
final class Round {
    private static final long LOOK_MILLIS = 10;

    private final RemoteCalls calls;
    private final Batch batch;
    private final int chunkRows;
    private final int chunks;
    private final ArrayDeque<Chunk> again = new ArrayDeque<>();
    private final Set<Chunk> underWay = new HashSet<>();
    private int next;
    private int done;
    private Throwable failure;
    private boolean over;

    /** Some rows of the batch, and whoever was asked for them. */
    private static final class Chunk {
        private final int first;
        private final Tries tries;
        /** When it is given up, whatever has been tried. */
        private final long end;
        private Arguments arguments;
        private ChunkCall call;

        Chunk(int first, int rows, long end) {
            this.first = first;
            this.end = end;
            tries = new Tries(rows);
        }
    }

    /** Of a batch that is held, and whose conditions are legal. */
    Round(RemoteCalls calls, Batch batch, int chunkRows) {
        this.calls = calls;
        this.batch = batch;
        this.chunkRows = chunkRows;
        chunks = (batch.size() - 1) / chunkRows + 1;
    }

    /**
     * Returns when every prediction is there.
     *
     * @throws ModelException    if a chunk is given up, or there is no worker any more
     * @throws UnwantedException if nobody waits for the predictions any more
     */
    void run() {
        BooleanSupplier unwanted = batch.unwanted();
        boolean interrupted = false;
        long alone = 0;
        try {
            send();
            while (!isOver()) {
                interrupted |= pause();
                if (unwanted.getAsBoolean()) {
                    throw new UnwantedException();
                }
                long now = System.nanoTime();
                alone = calls.workers().ready() > 0 ? 0 : alone == 0 ? now : alone;
                if (alone != 0 && now - alone > calls.options().patience().toNanos() && !isOver()) {
                    throw new ModelException("no worker is left: " + calls.workers().troubles());
                }
                calls.heedLost();
                endStuck(now);
            }
            synchronized (this) {
                rethrow();
            }
        } finally {
            end();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void rethrow() {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    private synchronized boolean isOver() {
        return done == chunks || failure != null;
    }

    private synchronized boolean pause() {
        if (isOver()) {
            return false;
        }
        try {
            wait(LOOK_MILLIS);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** Ends answers that have begun and do not go on, since their worker is stopped or cut off: others do those chunks. */
    private void endStuck(long now) {
        long nanos = calls.silenceNanos();
        for (ChunkCall call = stuck(now, nanos); call != null; call = stuck(now, nanos)) {
            call.cancel("the end of its answer has not come");
        }
    }

    private synchronized ChunkCall stuck(long now, long nanos) {
        for (Chunk chunk : underWay) {
            if (chunk.call != null && chunk.call.isStuck(now, nanos)) {
                return chunk.call;
            }
        }
        return null;
    }

    /** Nothing touches a row after this. */
    private void end() {
        Set<Chunk> left;
        synchronized (this) {
            over = true;
            left = new HashSet<>(underWay);
            underWay.clear();
        }
        for (Chunk chunk : left) {
            calls.workers().setUnwanted(chunk.tries);
            if (chunk.call != null) {
                chunk.call.cancel("nobody waits for it any more");
            }
            calls.giveBack(chunk.arguments);
        }
    }

    /** Sends as many chunks as there is room for. */
    void send() {
        while (true) {
            Chunk chunk = taken();
            if (chunk == null) {
                return;
            }
            ChunkCall begun = chunk.call;
            try {
                begun.start(calls.channel(), chunk.end - System.nanoTime(),
                        (call, status) -> finish(chunk, call, status));
            } catch (RuntimeException e) {
                finish(chunk, begun, Status.INTERNAL.withCause(e));
            }
        }
    }

    /** Whoever finds that there is no memory, it is the call that fails. */
    private synchronized Chunk taken() {
        try {
            return take();
        } catch (RuntimeException | Error e) {
            failure = e;
            notifyAll();
            return null;
        }
    }

    private Chunk take() {
        int room = Math.max(1, calls.workers().ready()) * calls.options().inFlight();
        if (over || failure != null || underWay.size() >= room) {
            return null;
        }
        Chunk chunk = again.poll();
        if (chunk == null) {
            int first = next * chunkRows;
            if (next == chunks) {
                return null;
            }
            next++;
            chunk = new Chunk(first, Math.min(chunkRows, batch.size() - first),
                    System.nanoTime() + calls.options().deadline().toNanos());
        }
        prepare(chunk);
        return chunk;
    }

    private void prepare(Chunk chunk) {
        int rows = chunk.tries.rows();
        chunk.arguments = calls.arguments();
        underWay.add(chunk);
        for (int i = 0; i < rows; i++) {
            chunk.arguments.set(i, batch.level(chunk.first + i).time(), batch.condition(chunk.first + i));
        }
        boolean last = calls.workers().count(chunk.tries) >= calls.options().tries() - 1;
        chunk.call = new ChunkCall(calls.tensors(), batch, chunk.first, calls.head(rows), chunk.arguments, last,
                chunk.tries);
    }

    private void finish(Chunk chunk, ChunkCall call, Status status) {
        synchronized (this) {
            if (over || chunk.call != call || !underWay.remove(chunk)) {
                return;
            }
            call.release();
            calls.giveBack(chunk.arguments);
            if (status.isOk()) {
                calls.workers().praise(chunk.tries);
                done++;
            } else {
                retry(chunk, status);
            }
            notifyAll();
        }
        send();
    }

    private void retry(Chunk chunk, Status status) {
        if (status.getCause() instanceof ChunkCall.BadAnswer answer) {
            calls.workers().blame(chunk.tries, answer.getMessage());
        }
        if (CallPolicies.canRetry(status) && calls.workers().count(chunk.tries) < calls.options().tries()
                && status.getCode() != Status.Code.DEADLINE_EXCEEDED) {
            again.add(chunk);
        } else {
            fail(chunk, status);
        }
    }

    private void fail(Chunk chunk, Status status) {
        String troubles = calls.workers().troubles(chunk.tries);
        int tried = calls.workers().count(chunk.tries);
        ModelException given = new ModelException("rows " + chunk.first + " to "
                + (chunk.first + chunk.tries.rows() - 1)
                + " of a call of " + batch.size() + " were given up after " + tried + (tried == 1 ? " try" : " tries")
                + (status.getCode() == Status.Code.DEADLINE_EXCEEDED
                        ? ", since there was no answer within " + calls.options().deadline().toMillis() + " ms" : "")
                + ": " + (troubles.isEmpty() ? StatusWords.of(status) : troubles));
        if (status.getCause() != null) {
            given.addSuppressed(status.getCause());
        }
        failure = given;
    }
}
