package dev.paraflux;

import dev.paraflux.engine.Engine;
import dev.paraflux.engine.Plan;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Calls of one request without a listener or a limit, made of what former ones were made of: without garbage. */
final class ReusedCalls {
    private static final RunOptions UNLIMITED = RunOptions.defaults();

    private final Engine engine;
    private final Calls calls;
    private final Deque<Reused> idle = new ArrayDeque<>();

    ReusedCalls(Engine engine, Calls calls) {
        this.engine = engine;
        this.calls = calls;
    }

    private record Reused(SampleCall call, SampleRun run, SampleRun[] runs) {
        Reused(SampleCall call, SampleRun run) {
            this(call, run, new SampleRun[] {run});
        }
    }

    /**
     * @param into receives the values at its position
     * @throws IllegalArgumentException if the request is illegal
     */
    Status run(Request request, FloatBuffer into) {
        Plan plan = calls.plan(request);
        Reused reused = take();
        try {
            reused.run.set(request, plan, reused.call, into);
            reused.call.begin(UNLIMITED, reused.runs);
            engine.run(reused.call);
            if (reused.call.problem() != null) {
                throw Thrown.asItIs(reused.call.problem());
            }
            return reused.run.status();
        } finally {
            reused.run.forget();
            give(reused);
        }
    }

    private synchronized Reused take() {
        Reused found = idle.poll();
        return found != null ? found : new Reused(calls.call(), calls.run());
    }

    private synchronized void give(Reused reused) {
        idle.push(reused);
    }
}
