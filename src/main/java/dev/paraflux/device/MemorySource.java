package dev.paraflux.device;

import org.bytedeco.javacpp.Pointer;

/** Where blocks of zeroed memory come from, and go back to: the host's, or what a device has. Thread-safe. */
interface MemorySource {
    /** The host's. Pages that nobody has touched yet take no memory, so that a size no machine has is refused, not tried. */
    MemorySource HOST = new MemorySource() {
        @Override
        public long take(long bytes) {
            Pointer memory = Pointer.calloc(1, bytes);
            return Pointer.isNull(memory) ? 0 : memory.address();
        }

        @Override
        public void give(long address) {
            Pointer.free(new Address(address));
        }

        @Override
        public String toString() {
            return "outside the Java heap";
        }
    };

    /**
     * Takes zeroed memory.
     *
     * @return its address; 0 if there is not so much
     * @throws IllegalStateException if it cannot be taken for another reason than its size
     */
    long take(long bytes);

    /** Gives memory back, which nobody uses any more, whatever has become of the device. */
    void give(long address);

    /** Says where, after a number of bytes. */
    @Override
    String toString();
}
