package dev.paraflux.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.schedule.NoiseLevel;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Assumptions;

/** Counts the bytes of objects that calls of a model make, of rows without a condition. */
public final class CallAllocations implements AutoCloseable {
    /** Most rows of a call that lies anywhere. */
    public static final int ROWS = 30;

    private static final int CALLS = 80;
    private static final int PATIENCE = 50;
    private static final long PAUSE_NANOS = 50_000_000;
    /** Asked for once: to find it makes objects. */
    private static final java.lang.management.ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final NoiseLevel LEVEL = TestGrids.linear(10).level(0);

    private final Denoiser model;
    private final Buffer states;
    private final Buffer predictions;

    /** Of a model that stays its owner's. */
    public CallAllocations(Denoiser model) {
        this.model = model;
        states = Device.cpu().allocate(ROWS, model.dim());
        predictions = Device.cpu().allocate(ROWS, model.dim());
    }

    /** Skips a test where nobody counts. */
    public static void assumeCounted() {
        Assumptions.assumeTrue(THREADS instanceof ThreadMXBean);
    }

    /** Bytes that this thread has made: no other one takes a part of it. */
    public static long made() {
        return ((ThreadMXBean) THREADS).getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** What one of many calls makes, which are given their numbers; the least of several times, since the first are slow. */
    public static long bytesACall(IntConsumer call) {
        long least = Long.MAX_VALUE;
        for (int run = 0; run < 10; run++) {
            long before = made();
            for (int number = 0; number < CALLS; number++) {
                call.accept(number);
            }
            least = Math.min(least, made() - before);
        }
        return least / CALLS;
    }

    /** Evaluates rows that begin somewhere. */
    public void evaluate(Batch batch, int rows, int at) {
        batch.begin(states, at, predictions, at);
        for (int i = 0; i < rows; i++) {
            batch.add(LEVEL, Condition.none());
        }
        model.evaluate(batch);
    }

    /** What a call of so many rows makes, which lie at so many places in turn. */
    public long bytesACall(int rows, int places) {
        Batch batch = new Batch(rows);
        return bytesACall(number -> evaluate(batch, rows, number % places));
    }

    /** Calls make no more, wherever their rows lie. 4 rows run where they are, 17 are padded where a backend pads. */
    public void requireAtMost(long most) {
        for (int places : new int[] {1, 3, 8}) {
            for (int rows : new int[] {4, 17}) {
                long bytes = bytesACall(rows, places);
                // On a busy machine it takes a while until they have been compiled, and make less.
                for (int attempt = 0; attempt < PATIENCE && bytes > most; attempt++) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                    bytes = bytesACall(rows, places);
                }
                assertTrue(bytes <= most, bytes + " bytes for " + rows + " rows at " + places);
            }
        }
    }

    @Override
    public void close() {
        states.close();
        predictions.close();
    }
}
