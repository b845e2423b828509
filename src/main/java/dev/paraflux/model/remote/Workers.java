package dev.paraflux.model.remote;

import io.grpc.Attributes;
import io.grpc.ConnectivityState;
import io.grpc.NameResolver;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The replicas of a service as they come and go, and who of them gets the next chunk: the one that would have done it
 * first, by what is measured, among those that have not been asked for it. Thread-safe; gRPC's threads tell it what
 * happens.
 */
final class Workers {
    static final NameResolver.Args.Key<Workers> ARGUMENT = NameResolver.Args.Key.create("paraflux.workers");
    static final Attributes.Key<Workers> ATTRIBUTE = Attributes.Key.create("paraflux.workers");

    private final RemoteOptions options;
    private final List<Replica> replicas = new ArrayList<>();
    private Runnable onChange = () -> {};
    private Runnable repick = () -> {};
    private ServedModel served;
    private String servedBy;
    private String unresolved;

    Workers(RemoteOptions options) {
        this.options = options;
    }

    RemoteOptions options() {
        return options;
    }

    /** Says whom to tell when a worker comes or goes. */
    synchronized void tellChanges(Runnable listener) {
        onChange = listener;
    }

    /** Says how calls that wait for a worker are given to one. */
    synchronized void repickBy(Runnable action) {
        repick = action;
    }

    synchronized void add(Replica replica) {
        replicas.add(replica);
    }

    void remove(Replica replica) {
        change(() -> replicas.remove(replica));
    }

    /** Why no addresses can be had; null if they can. */
    void setUnresolved(String why) {
        change(() -> unresolved = why);
    }

    void setState(Replica replica, ConnectivityState state, Status status) {
        change(() -> {
            if (state == ConnectivityState.READY && replica.state != ConnectivityState.READY) {
                replica.connection++;
                replica.trust = Replica.Trust.UNKNOWN;
            }
            replica.state = state;
            if (state == ConnectivityState.TRANSIENT_FAILURE) {
                replica.trouble = StatusWords.of(status);
            }
        });
    }

    /**
     * A worker has said what it serves.
     *
     * @param connection on which it has
     * @param model      null where it serves no such model
     * @param trouble    null, or why it is not trusted
     */
    void settle(Replica replica, int connection, ServedModel model, String trouble) {
        change(() -> {
            if (replica.connection != connection) {
                return;
            }
            String why = trouble == null ? fault(model) : trouble;
            replica.trust = why == null ? Replica.Trust.GIVEN : Replica.Trust.REFUSED;
            replica.trouble = why;
            replica.served = model;
            if (why == null && served == null) {
                served = model;
                servedBy = replica.address;
            }
        });
    }

    private String fault(ServedModel model) {
        // Servers of others tell none.
        boolean told = options.sha256().isPresent() && !model.sha256().isEmpty();
        if (told && !options.sha256().get().equals(model.sha256())) {
            return "it serves another model, with digest " + model.sha256() + ": must be " + options.sha256().get();
        }
        return served == null ? null : model.difference(served, servedBy);
    }

    private void change(Runnable what) {
        Runnable listener;
        synchronized (this) {
            what.run();
            listener = onChange;
            notifyAll();
        }
        listener.run();
    }

    /** What all of them serve; null before the first one has said it. */
    synchronized ServedModel served() {
        return served;
    }

    /** How many can be sent rows. */
    synchronized int ready() {
        int count = 0;
        for (Replica replica : replicas) {
            count += replica.isReady() ? 1 : 0;
        }
        return count;
    }

    /** Whether some cannot be reached. */
    synchronized boolean hasLost() {
        return replicas.stream().anyMatch(replica -> replica.state == ConnectivityState.TRANSIENT_FAILURE);
    }

    /** Waits until it is known of all of them what becomes of them, and no longer than this; an interrupt is kept. */
    synchronized void awaitSettled(long nanos) {
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        while ((replicas.isEmpty() && unresolved == null || !replicas.stream().allMatch(Replica::isSettled))
                && System.nanoTime() < end) {
            try {
                wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Those that are refused, and why; empty if none is. */
    synchronized String refused() {
        return replicas.stream().filter(replica -> replica.trust == Replica.Trust.REFUSED)
                .map(replica -> "worker " + replica + ": " + replica.trouble).collect(Collectors.joining("; "));
    }

    /** What becomes of those that cannot be sent rows, in words; empty if all can. */
    synchronized String troubles() {
        String all = replicas.stream().filter(replica -> !replica.isReady())
                .map(replica -> "worker " + replica + ": " + replica.trouble).collect(Collectors.joining("; "));
        return replicas.isEmpty() ? String.valueOf(unresolved) : all;
    }

    /** Who gets a chunk next; null if nobody can now. */
    synchronized Replica choose(Tries tries) {
        long now = System.nanoTime();
        Replica best = null;
        double least = 0;
        for (Replica replica : replicas) {
            if (replica.isReady() && !tries.isUnderWay(replica)) {
                double finish = replica.speed.nanosARow(now) * (replica.speed.rowsUnderWay() + tries.rows());
                if (best == null || tries.of(replica) < tries.of(best)
                        || tries.of(replica) == tries.of(best) && isSooner(finish, replica, least, best)) {
                    best = replica;
                    least = finish;
                }
            }
        }
        boolean enough = best != null && (tries.of(best) > 0 || tries.count() >= options.tries());
        return enough && !tries.isIdle() ? null : best;
    }

    /** Where nothing is known yet, whoever has less to do. */
    private static boolean isSooner(double finish, Replica replica, double least, Replica best) {
        return finish < least
                || finish == least && replica.speed.rowsUnderWay() < best.speed.rowsUnderWay();
    }

    synchronized void begin(Replica replica, Tries tries) {
        tries.begin(replica);
        replica.speed.begin(tries.rows());
    }

    void end(Replica replica, Tries tries, long begun, Status status) {
        long now = System.nanoTime();
        Runnable action;
        synchronized (this) {
            tries.end(replica);
            replica.speed.leave(tries.rows());
            if (tries.isUnwanted()) {
                return;
            }
            if (status.isOk()) {
                tries.answer(replica, begun, now);
                return;
            }
            replica.speed.lose(tries.rows(), begun, now);
            tries.tell(replica, StatusWords.of(status));
            action = repick;
        }
        action.run();
    }

    /** What happens to a chunk from now on says nothing of a worker. */
    synchronized void setUnwanted(Tries tries) {
        tries.setUnwanted();
    }

    /** How often a chunk has been asked for. */
    synchronized int count(Tries tries) {
        return tries.count();
    }

    /** What went wrong with a chunk, in words. */
    synchronized String troubles(Tries tries) {
        return tries.troubles();
    }

    /** The answer that has come is what it must be. */
    synchronized void praise(Tries tries) {
        if (tries.answerer() != null) {
            tries.answerer().speed.end(tries.rows(), tries.begun(), tries.ended());
            tries.answer(null, 0, 0);
        }
    }

    /** The answer that has come cannot be taken. */
    synchronized void blame(Tries tries, String why) {
        if (tries.answerer() != null) {
            tries.answerer().speed.lose(tries.rows(), tries.begun(), tries.ended());
            tries.tell(tries.answerer(), why);
            tries.answer(null, 0, 0);
        }
    }

    /** Nanoseconds that chunks take as a rule, with those before them, on the slowest worker that is well; 0 if not known. */
    synchronized double chunkNanos() {
        double slowest = 0;
        for (Replica replica : replicas) {
            slowest = Math.max(slowest, replica.isReady() ? replica.speed.usual() : 0);
        }
        return slowest * options.chunkRows() * options.inFlight();
    }
}
