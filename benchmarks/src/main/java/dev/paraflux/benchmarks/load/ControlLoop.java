package dev.paraflux.benchmarks.load;

import com.sun.management.ThreadMXBean;
import dev.paraflux.Request;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.schedule.TimeGrid;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * A control loop of 1 kHz: 64 values, 10 steps, a model in Java that takes as long as its arithmetic. How long a call
 * takes, and how many bytes of garbage it makes, for the call with reused memory and the plain one; beside the model's ten
 * calls by themselves, which show what the machine does to anybody.
 *
 * <pre>benchmarks/run load ControlLoop [SECONDS of each]</pre>
 */
public final class ControlLoop {
    private static final int DIM = 64;
    private static final int STEPS = 10;
    private static final int LABEL = 3;
    private static final long PERIOD_NANOS = 1_000_000;
    private static final long SPIN_NANOS = 100_000;
    /** Compiled by then, also what is rare. */
    private static final int WARM_UP_CALLS = 100_000;

    private ControlLoop() {}

    /** What is done every millisecond. */
    private interface Tick {
        void run();
    }

    /** @param arguments seconds for each way */
    public static void main(String[] arguments) {
        int calls = 1000 * (arguments.length == 0 ? 20 : Integer.parseInt(arguments[0]));
        SteadyModel model = new SteadyModel(DIM, 0, false);
        TimeGrid grid = Methods.grid(STEPS);
        FloatBuffer start = direct();
        for (int e = 0; e < DIM; e++) {
            start.put(e, (float) Math.sin(e));
        }
        FloatBuffer into = direct();
        float[] array = new float[DIM];
        start.get(0, array);
        Request reused = Request.seed(1).withLabel(LABEL).withStart(start);
        Request plain = Request.seed(1).withLabel(LABEL).withStart(array);
        System.out.println("| what | calls | B a call | p50, us | p99, us | p99.9, us | longest, us "
                + "| share of limit |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        try (Sampler sampler = Sampler.builder(model, grid).build();
                Buffer rows = Device.cpu().allocate(2, DIM)) {
            sampler.warmUp(reused);
            Batch batch = new Batch(1);
            Tick alone = () -> {
                for (int i = 0; i < STEPS; i++) {
                    batch.begin(rows, 0, rows, 1);
                    batch.add(grid.levels().get(i), reused.conditioning());
                    batch.evaluateBy(model);
                }
            };
            Tick withMemory = () -> requireCompleted(sampler.sample(reused, into));
            Tick withoutMemory = () -> requireCompleted(sampler.sample(plain).status());
            // Whatever is measured first of all is slower, and not told.
            for (Tick tick : List.of(alone, withMemory, withoutMemory)) {
                measure(calls / 5, tick);
            }
            Measured calling = measure(calls, alone);
            print("the model's calls", calling, calling);
            print("sample(request, memory)", measure(calls, withMemory), calling);
            print("sample(request)", measure(calls, withoutMemory), calling);
            into.get(0, array);
            if (!Arrays.equals(array, sampler.sample(plain).values())) {
                throw new IllegalStateException("the two ways give different samples");
            }
        }
    }

    private static FloatBuffer direct() {
        return ByteBuffer.allocateDirect(Float.BYTES * DIM).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    private static void requireCompleted(Status status) {
        if (status != Status.COMPLETED) {
            throw new IllegalStateException("a call ended with " + status);
        }
    }

    /** Sleeps, since who spins all the time is made to wait by the machine, but for the last bit, since sleep is coarse. */
    private static void awaitTime(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            if (left > SPIN_NANOS) {
                LockSupport.parkNanos(left - SPIN_NANOS);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** @param bytes of garbage, of all calls together */
    private record Measured(Times times, long bytes) {}

    private static Measured measure(int calls, Tick tick) {
        for (int i = 0; i < WARM_UP_CALLS; i++) {
            tick.run();
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long[] nanos = new long[calls];
        long due = System.nanoTime();
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < calls; i++) {
            due += PERIOD_NANOS;
            awaitTime(due);
            long begin = System.nanoTime();
            tick.run();
            nanos[i] = System.nanoTime() - begin;
        }
        long bytes = threads.getThreadAllocatedBytes(thread) - before;
        return new Measured(new Times(nanos), bytes);
    }

    /** @param limit the model's calls by themselves */
    private static void print(String name, Measured measured, Measured limit) {
        Times times = measured.times();
        System.out.printf(Locale.ROOT, "| %s | %d | %.0f | %s | %s | %s | %s | %.2f |%n", name, times.count(),
                measured.bytes() / (double) times.count(), times.micros(0.5), times.micros(0.99), times.micros(0.999),
                times.micros(1), limit.times().millis(0.5) / times.millis(0.5));
    }
}
