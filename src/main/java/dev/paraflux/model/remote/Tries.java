package dev.paraflux.model.remote;

import io.grpc.CallOptions;
import java.util.ArrayList;
import java.util.List;

/** Who has been asked for a chunk, and what became of it. Guarded by its {@link Workers}. */
final class Tries {
    static final CallOptions.Key<Tries> KEY = CallOptions.Key.create("paraflux.tries");

    private final int rows;
    private final List<Replica> asked = new ArrayList<>();
    private final List<Replica> underWay = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private boolean unwanted;
    private Replica answerer;
    private long begun;
    private long ended;
    private volatile long heard = System.nanoTime();

    Tries(int rows) {
        this.rows = rows;
    }

    int rows() {
        return rows;
    }

    int count() {
        return asked.size();
    }

    void begin(Replica replica) {
        asked.add(replica);
        underWay.add(replica);
    }

    void end(Replica replica) {
        underWay.remove(replica);
    }

    void tell(Replica replica, String trouble) {
        String told = "worker " + replica + ": " + trouble;
        if (!troubles.contains(told)) {
            troubles.add(told);
        }
    }

    /** How often a worker was asked. */
    int of(Replica replica) {
        int count = 0;
        for (Replica one : asked) {
            count += one == replica ? 1 : 0;
        }
        return count;
    }

    /** Whether a worker is being asked now. */
    boolean isUnderWay(Replica replica) {
        return underWay.contains(replica);
    }

    /** Whether nobody is being asked now. */
    boolean isIdle() {
        return underWay.isEmpty();
    }

    /** A worker has answered. */
    void answer(Replica replica, long from, long to) {
        answerer = replica;
        begun = from;
        ended = to;
    }

    /** Whoever has answered last; null if nobody has. */
    Replica answerer() {
        return answerer;
    }

    /** When that one was asked. */
    long begun() {
        return begun;
    }

    /** When it has answered. */
    long ended() {
        return ended;
    }

    /** Something of an answer has come in. Needs no guard. */
    void hear() {
        heard = System.nanoTime();
    }

    /** When that was last. */
    long heard() {
        return heard;
    }

    /** What happens to it from now on says nothing of a worker. */
    void setUnwanted() {
        unwanted = true;
    }

    boolean isUnwanted() {
        return unwanted;
    }

    /** What went wrong. */
    String troubles() {
        return String.join("; ", troubles);
    }
}
