package dev.paraflux.benchmarks.study;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Bytes that threads have allocated on the Java heap. */
final class Garbage {
    private Garbage() {}

    /** Of this thread, since it began. */
    static long ofThisThread() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
