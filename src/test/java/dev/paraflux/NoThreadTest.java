package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.device.NativeMemory;
import dev.paraflux.engine.Engine;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.solver.Ddim;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that can begin no more threads: a call is refused where it begins, or led by a thread that is there. */
@Timeout(120)
class NoThreadTest {
    private static final int STEPS = 8;

    private final long before = NativeMemory.allocatedBytes();
    private final OutOfMemoryError noThread = new OutOfMemoryError("no thread");
    private final TestDenoisers.Recording model = TestDenoisers.bent(8);
    private final Engine engine = new Engine(model, Device.cpu(), 64, 64, 64, task -> {
        throw noThread;
    }, () -> {}, new Lifetime("Sampler"));
    private final Calls calls = new Calls(model,
            new Plans(model, TestGrids.linear(STEPS), new Ddim(), new Sequential()), engine, Runnable::run, 64);

    @AfterEach
    void nothingIsLeft() {
        engine.close(0);
        assertEquals(before, NativeMemory.allocatedBytes());
    }

    private SampleCall call(int seed) {
        return calls.of(List.of(Request.seed(seed)), RunOptions.defaults());
    }

    private CompletableFuture<List<Sample>> begin(int seed) {
        SampleCall call = call(seed);
        CompletableFuture<List<Sample>> future = new CompletableFuture<>();
        call.completes((samples, failure) -> future.complete(samples));
        engine.start(call);
        return future;
    }

    @Test
    void aCallThatNobodyCanLeadIsRefused() {
        assertSame(noThread, assertThrows(OutOfMemoryError.class, () -> begin(1)));
        SampleCall call = call(2);
        engine.run(call);
        assertEquals(Status.COMPLETED, call.results().get(0).status());
        assertEquals(STEPS, model.calls(), "the other one is not here any more");
    }

    /** The caller's own sample is done first. */
    @Test
    void aCallThatBeganWhileACallerLedIsLedByHim() throws Exception {
        Gate gate = new Gate();
        model.beforeCall(batch -> gate.pass());
        SampleCall own = call(1);
        FutureTask<Void> caller = new FutureTask<>(() -> engine.run(own), null);
        new Thread(caller).start();
        gate.awaitRun();
        CompletableFuture<List<Sample>> future = begin(2);
        gate.open();
        caller.get();
        assertEquals(Status.COMPLETED, future.get(60, TimeUnit.SECONDS).get(0).status());
        assertEquals(Status.COMPLETED, own.results().get(0).status());
        assertEquals(STEPS + 1, model.calls());
    }
}
