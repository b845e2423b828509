package dev.paraflux;

import dev.paraflux.engine.Call;
import dev.paraflux.engine.Engine;
import dev.paraflux.engine.Run;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Prepares memory and the model between two rounds. */
final class WarmUp extends Call {
    private final Engine engine;
    private final List<Run> like;
    private final int rows;
    private boolean done;

    WarmUp(Engine engine, List<Run> like, int rows) {
        this.engine = engine;
        this.like = like;
        this.rows = rows;
        set();
    }

    /** Throws what it failed with, or that it was not done at all. */
    void requireDone() {
        if (failure() != null) {
            throw Thrown.asItIs(failure());
        }
        if (!done) {
            throw new CancellationException(
                    "the warm-up was cancelled: by an interrupt, or since the sampler is closed");
        }
    }

    @Override
    protected void chore() {
        engine.prepare(like, rows);
        done = true;
    }
}
