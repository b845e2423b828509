package dev.paraflux.device;

import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/** The CPU as a device of its own, which counts what its queues do: native calls by kind, copies, and waits. */
public final class CountingDevice extends Device {
    private final AtomicInteger programs = new AtomicInteger();
    private final AtomicInteger programRows = new AtomicInteger();
    private final AtomicInteger measures = new AtomicInteger();
    private final AtomicInteger weighings = new AtomicInteger();
    private final AtomicInteger grams = new AtomicInteger();
    private final AtomicInteger quantiles = new AtomicInteger();
    private final AtomicInteger copies = new AtomicInteger();
    private final AtomicInteger waits = new AtomicInteger();
    private final AtomicInteger waitsForAll = new AtomicInteger();
    private final AtomicInteger follows = new AtomicInteger();
    private final AtomicInteger queues = new AtomicInteger();
    private final AtomicInteger graphs = new AtomicInteger();
    private final AtomicInteger launches = new AtomicInteger();

    private final boolean host;
    private Consumer<Runnable> launching = work -> {
        throw new IllegalStateException("no graphs here");
    };
    private int mostRows = Integer.MAX_VALUE;

    /** Counts from 0. */
    public CountingDevice() {
        this(true);
    }

    /** @param host whether it says that its rows are the host's: otherwise it is used as one whose rows are not */
    public CountingDevice(boolean host) {
        this.host = host;
        Device.cpu();
    }

    @Override
    public boolean isHost() {
        return host;
    }

    /** The host, and others of its kind. */
    @Override
    public boolean reaches(Device other) {
        return other.isHost() || !host && other != this && other instanceof CountingDevice;
    }

    @Override
    public Queue queue() {
        queues.incrementAndGet();
        return new Queue(this, new CountingLane());
    }

    /** Has graphs from now on, each the work that was captured; launching one does this with it. */
    public void captures(Consumer<Runnable> launch) {
        launching = launch;
    }

    /** Has memory for buffers of so many rows at most, from now on. */
    public void limit(int rows) {
        mostRows = rows;
    }

    @Override
    public Buffer allocate(int rows, int dim) {
        if (rows > mostRows) {
            throw new OutOfMemoryError("of " + rows + " rows there are " + mostRows);
        }
        return super.allocate(rows, dim);
    }

    @Override
    public void awaitAll() {
        waitsForAll.incrementAndGet();
    }

    /** Programs of rows that ran. */
    public int programs() {
        return programs.get();
    }

    /** Rows of these. */
    public int programRows() {
        return programRows.get();
    }

    /** Calls that measured windows. */
    public int measures() {
        return measures.get();
    }

    /** Calls that weighed windows. */
    public int weighings() {
        return weighings.get();
    }

    /** Calls that computed inner products. */
    public int grams() {
        return grams.get();
    }

    /** Calls that found quantiles. */
    public int quantiles() {
        return quantiles.get();
    }

    /** Native calls of all kinds. */
    public int calls() {
        return programs() + measures() + weighings() + grams() + quantiles();
    }

    /** Rows copied in and out, copies of rows that travel, and rows that are spoilt at once. */
    public int copies() {
        return copies.get();
    }

    /** Waits for a queue. */
    public int waits() {
        return waits.get();
    }

    /** Waits for all queues. */
    public int waitsForAll() {
        return waitsForAll.get();
    }

    /** Times that one of its queues was to wait for another. */
    public int follows() {
        return follows.get();
    }

    /** Queues that were made. */
    public int queues() {
        return queues.get();
    }

    /** Graphs that there are now. */
    public int graphs() {
        return graphs.get();
    }

    /** Launches of graphs. */
    public int launches() {
        return launches.get();
    }

    /** Counts from 0 again, but for what there is now. */
    public void reset() {
        for (AtomicInteger count : new AtomicInteger[] {programs, programRows, measures, weighings, grams, quantiles,
                copies, waits, waitsForAll, follows, queues, launches}) {
            count.set(0);
        }
    }

    @Override
    public String toString() {
        return "counting " + Device.cpu();
    }

    private final class CountingLane extends CpuLane {
        @Override
        public int runProgram(Pointer call) {
            programs.incrementAndGet();
            programRows.addAndGet((int) new LongPointer(call).get(0));
            return super.runProgram(call);
        }

        @Override
        public int measureWindows(Pointer call) {
            measures.incrementAndGet();
            return super.measureWindows(call);
        }

        @Override
        public int weighWindows(Pointer call) {
            weighings.incrementAndGet();
            return super.weighWindows(call);
        }

        @Override
        public int multiply(Pointer call) {
            grams.incrementAndGet();
            return super.multiply(call);
        }

        @Override
        public int findQuantiles(Pointer call) {
            quantiles.incrementAndGet();
            return super.findQuantiles(call);
        }

        @Override
        public void copyOut(Buffer buffer, int row, float[] into, int offset, UnderWay underWay) {
            copies.incrementAndGet();
            super.copyOut(buffer, row, into, offset, underWay);
        }

        @Override
        public void copyOut(Buffer buffer, int row, FloatBuffer into, UnderWay underWay) {
            copies.incrementAndGet();
            super.copyOut(buffer, row, into, underWay);
        }

        @Override
        public void copyIn(float[] from, int offset, Buffer buffer, int row, UnderWay underWay) {
            copies.incrementAndGet();
            super.copyIn(from, offset, buffer, row, underWay);
        }

        @Override
        public void copyIn(FloatBuffer from, Buffer buffer, int row, UnderWay underWay) {
            copies.incrementAndGet();
            super.copyIn(from, buffer, row, underWay);
        }

        @Override
        public void copy(long to, long from, long bytes, Device other) {
            copies.incrementAndGet();
            super.copy(to, from, bytes, other);
        }

        @Override
        public void follow(Lane other) {
            follows.incrementAndGet();
            super.follow(other);
        }

        @Override
        public void spoil(long to, long bytes) {
            copies.incrementAndGet();
            super.spoil(to, bytes);
        }

        @Override
        public Captured capture(Runnable work) {
            graphs.incrementAndGet();
            return new Captured() {
                @Override
                public void launch() {
                    launches.incrementAndGet();
                    launching.accept(work);
                }

                @Override
                public void free() {
                    graphs.decrementAndGet();
                }
            };
        }

        @Override
        public void finish() {
            waits.incrementAndGet();
            super.finish();
        }
    }
}
