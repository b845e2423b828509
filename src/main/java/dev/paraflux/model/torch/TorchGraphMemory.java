package dev.paraflux.model.torch;

import dev.paraflux.device.Queue;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.cuda.DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair;
import org.bytedeco.pytorch.cuda.MemPool;
import org.bytedeco.pytorch.cuda.StreamFilter;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * Memory of libtorch's allocator that captured calls of one module work in, and nothing else: what it keeps there stays theirs
 * between launches. They share it, for they never run at the same time. It takes the presets of CUDA, {@code org.bytedeco:cuda},
 * beside those of libtorch.
 */
final class TorchGraphMemory implements TorchGraphs.Memory {
    private final byte index;
    /** What libtorch calls it: a pair of whole numbers, whatever the type's name. */
    private final DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair pool;
    private OneStream filter;

    TorchGraphMemory(byte index) {
        this.index = index;
        pool = MemPool.graph_pool_handle();
    }

    @Override
    public void begin(Queue queue) {
        filter = new OneStream(queue.handle());
        torch_cuda.beginAllocateToPool(index, pool, filter);
    }

    @Override
    public void end() {
        torch_cuda.endAllocateToPool(index, pool);
        filter.close();
    }

    @Override
    public void release() {
        torch_cuda.getAllocator().releasePool(index, pool);
    }

    /** What other threads take meanwhile is none of it. */
    private static final class OneStream extends StreamFilter {
        private final long stream;

        OneStream(long stream) {
            this.stream = stream;
        }

        @Override
        public boolean call(Pointer asking) {
            return asking != null && asking.address() == stream;
        }
    }
}
