package dev.paraflux.device;

import dev.paraflux.kernel.Kernels;
import java.nio.FloatBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Objects;
import org.bytedeco.javacpp.Pointer;

/** Enqueues kernels and copies on a stream of its own; rows that travel lie in pinned memory on their way. */
final class CudaLane implements Lane {
    private final CudaDevice device;
    private final long stream;
    private final Pointer handle;

    CudaLane(CudaDevice device) {
        this.device = device;
        stream = device.openStream();
        handle = new Address(stream);
    }

    @Override
    public int runProgram(Pointer call) {
        return Kernels.paraflux_row_program_cuda(call, device.index(), handle);
    }

    @Override
    public int measureWindows(Pointer call) {
        return Kernels.paraflux_window_residual_cuda(call, device.index(), handle);
    }

    @Override
    public int multiply(Pointer call) {
        return Kernels.paraflux_row_gram_cuda(call, device.index(), handle);
    }

    @Override
    public int findQuantiles(Pointer call) {
        return Kernels.paraflux_row_quantile_cuda(call, device.index(), handle);
    }

    @Override
    public long programScratch(int rows, int dim) {
        return Kernels.paraflux_row_program_scratch(rows, dim);
    }

    @Override
    public long windowScratch(WindowTable table, int dim) {
        return Kernels.paraflux_window_scratch_cuda(table.rows(), table.estimates().size(), dim);
    }

    @Override
    public long gramScratch(GramTable table, int dim) {
        return Kernels.paraflux_row_gram_scratch(table.groups(), table.size(), dim);
    }

    @Override
    public void copyOut(Buffer buffer, int row, float[] into, int offset, UnderWay underWay) {
        Objects.checkFromIndexSize(offset, buffer.dim(), into.length);
        copyOut(buffer, row, into, offset, underWay.reads);
    }

    @Override
    public void copyOut(Buffer buffer, int row, FloatBuffer into, UnderWay underWay) {
        Objects.checkFromIndexSize(into.position(), buffer.dim(), into.limit());
        if (into.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        // Its position may be another one by then.
        copyOut(buffer, row, into.duplicate(), into.position(), underWay.reads);
    }

    private void copyOut(Buffer buffer, int row, Object target, int offset, ReadBacks reads) {
        Objects.checkIndex(row, buffer.rows());
        buffer.acquire();
        try {
            copy(reads.room(buffer.dim(), target, offset), buffer.address(row), buffer.dim() * (long) Float.BYTES);
            reads.promise();
        } finally {
            buffer.release();
        }
    }

    @Override
    public void copyIn(float[] from, int offset, Buffer buffer, int row, UnderWay underWay) {
        Objects.checkFromIndexSize(offset, buffer.dim(), from.length);
        int place = room(buffer, row, underWay);
        underWay.arena.block().floats.put(place / Float.BYTES, from, offset, buffer.dim());
        send(place, buffer, row, underWay);
    }

    @Override
    public void copyIn(FloatBuffer from, Buffer buffer, int row, UnderWay underWay) {
        Objects.checkFromIndexSize(from.position(), buffer.dim(), from.limit());
        int place = room(buffer, row, underWay);
        underWay.arena.block().floats.put(place / Float.BYTES, from, from.position(), buffer.dim());
        send(place, buffer, row, underWay);
    }

    private static int room(Buffer buffer, int row, UnderWay underWay) {
        Objects.checkIndex(row, buffer.rows());
        return underWay.arena.take(buffer.dim() * (long) Float.BYTES);
    }

    private void send(int place, Buffer buffer, int row, UnderWay underWay) {
        buffer.acquire();
        try {
            copy(buffer.address(row), underWay.arena.block().address(place), buffer.dim() * (long) Float.BYTES);
        } finally {
            buffer.release();
        }
    }

    @Override
    public void copy(long to, long from, long bytes, Device other) {
        device.connect(other);
        copy(to, from, bytes);
    }

    private void copy(long to, long from, long bytes) {
        device.require("copy", Kernels.paraflux_cuda_copy(device.index(), to, from, bytes, stream));
    }

    @Override
    public void follow(Lane other) {
        // What the host does is done at once.
        if (other instanceof CudaLane lane) {
            device.require("wait for other work",
                    Kernels.paraflux_cuda_follow(device.index(), stream, lane.device.index(), lane.stream));
        }
    }

    @Override
    public void spoil(long to, long bytes) {
        device.require("fill memory", Kernels.paraflux_cuda_fill(device.index(), to, 0xFF, bytes, stream));
    }

    @Override
    public void finish() {
        device.require("finish its work", Kernels.paraflux_cuda_wait(device.index(), stream));
    }

    @Override
    public Captured capture(Runnable work) {
        long[] graph = new long[1];
        device.require("capture a graph", Kernels.paraflux_cuda_begin_capture(device.index(), stream));
        boolean done = false;
        try {
            work.run();
            done = true;
        } finally {
            int error = Kernels.paraflux_cuda_end_capture(device.index(), stream, graph);
            if (done && error != 0) {
                throw new IllegalStateException(device + " could not capture a graph: " + device.words(error));
            }
            if (!done && error == 0) {
                // Of what was captured until the work failed.
                Kernels.paraflux_cuda_free_graph(device.index(), graph[0]);
            }
        }
        return new CapturedGraph(graph[0]);
    }

    private final class CapturedGraph implements Captured {
        private final long graph;

        CapturedGraph(long graph) {
            this.graph = graph;
        }

        @Override
        public void launch() {
            device.require("launch a graph", Kernels.paraflux_cuda_launch_graph(device.index(), graph, stream));
        }

        @Override
        public void free() {
            Kernels.paraflux_cuda_free_graph(device.index(), graph);
        }
    }

    @Override
    public long handle() {
        return stream;
    }

    @Override
    public void close() {
        device.closeStream(stream);
    }
}
