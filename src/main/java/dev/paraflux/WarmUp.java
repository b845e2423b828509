package dev.paraflux;

import dev.paraflux.engine.Call;
import dev.paraflux.engine.Engine;
import dev.paraflux.engine.Run;
import java.util.List;

/** Prepares memory and the model between two rounds. */
final class WarmUp extends Call {
    private final Engine engine;
    private final List<Run> like;
    private final int rows;

    WarmUp(Engine engine, List<Run> like, int rows) {
        this.engine = engine;
        this.like = like;
        this.rows = rows;
        set();
    }

    void rethrow() {
        if (failure() != null) {
            throw Thrown.asItIs(failure());
        }
    }

    @Override
    protected void chore() {
        engine.prepare(like, rows);
    }

    @Override
    protected boolean isStopped() {
        return false;
    }

    @Override
    protected long remainingNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    protected void watch(Runnable wake) {}

    @Override
    protected void unwatch() {}

    @Override
    protected boolean listens() {
        return false;
    }

    @Override
    protected void onRound() {}

    @Override
    protected void execute(Runnable task) {
        task.run();
    }

    @Override
    protected void onDone() {}
}
