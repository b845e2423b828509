package dev.paraflux;

import dev.paraflux.engine.Engine;
import dev.paraflux.engine.Plan;
import java.nio.FloatBuffer;

/** A call of one request that is made again and again, with all that it takes. For one thread at a time. */
final class ReusedCall {
    private static final RunOptions UNLIMITED = RunOptions.defaults();

    private final Engine engine;
    private final SampleCall call;
    private final SampleRun run;
    private final SampleRun[] runs;

    ReusedCall(Engine engine, SampleCall call, SampleRun run) {
        this.engine = engine;
        this.call = call;
        this.run = run;
        runs = new SampleRun[] {run};
    }

    Status run(Request request, Plan plan, FloatBuffer into) {
        run.set(request, plan, call, into);
        call.begin(UNLIMITED, runs);
        engine.run(call);
        if (call.problem() != null) {
            throw Thrown.asItIs(call.problem());
        }
        return run.status();
    }
}
