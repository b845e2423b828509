package dev.paraflux.check;

/**
 * Refuses what Java's heap cannot hold, before any of it is made: otherwise the garbage collector would be at work for
 * long, to the harm of everybody else in the process, and then give up.
 */
public final class HeapRoom {
    /** The longest array that virtual machines make. */
    private static final int MOST = Integer.MAX_VALUE - 8;

    private HeapRoom() {}

    /**
     * A number of things, from 1, that there may be room for.
     *
     * @param bytesEach what one takes at least
     * @throws IllegalValueException that says what they would need, and what there is
     */
    public static int require(String name, long count, int bytesEach) {
        return require(name, count, bytesEach, Runtime.getRuntime().maxMemory());
    }

    static int require(String name, long count, int bytesEach, long heapBytes) {
        Require.that(count >= 1, name, count, "1 or more");
        long most = Math.min(MOST, heapBytes / bytesEach);
        if (count > most) {
            throw new IllegalValueException(name, count, "1 to " + most + ": each takes " + bytesEach
                    + " bytes of the Java heap or more, so many " + Math.round((double) count * bytesEach / (1 << 20))
                    + " MiB, and it has " + (heapBytes >> 20) + " MiB (-Xmx)");
        }
        return (int) count;
    }
}
