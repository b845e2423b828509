package dev.paraflux.device;

/** What the kernels of a queue work in, one after the other; grows to the most that one of them has wanted. */
final class Scratch {
    private final MemorySource source;
    private NativeBlock block;
    private long capacity;

    Scratch(MemorySource source) {
        this.source = source;
    }

    /**
     * Makes room.
     *
     * @return the address of so many doubles; 0 for none
     * @throws OutOfMemoryError if there is no memory; it is as it was then
     */
    long doubles(long count) {
        if (count == 0) {
            return 0;
        }
        if (count > capacity) {
            NativeBlock larger = new NativeBlock(source, count * Double.BYTES, "what kernels work in");
            free();
            block = larger;
            capacity = count;
        }
        return block.address();
    }

    void free() {
        if (block != null) {
            block.free();
            block = null;
            capacity = 0;
        }
    }
}
