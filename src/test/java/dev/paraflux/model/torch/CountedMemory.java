package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.Queue;

/** Says when it is used wrongly: once nobody holds it any more, it is gone. */
public final class CountedMemory implements TorchGraphs.Memory {
    private boolean begun;
    private boolean gone;
    private int held;

    @Override
    public void begin(Queue queue) {
        assertTrue(!begun && !gone);
        begun = true;
        held++;
    }

    @Override
    public void end() {
        assertTrue(begun);
        begun = false;
    }

    @Override
    public void release() {
        assertTrue(!begun && held > 0);
        held--;
        gone = held == 0;
    }

    /** Whether nobody holds it, nor has begun to. */
    public boolean isFree() {
        return held == 0 && !begun;
    }
}
