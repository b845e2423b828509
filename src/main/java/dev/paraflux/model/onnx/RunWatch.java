package dev.paraflux.model.onnx;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks now and then whether the runs that are under way are still wanted: on one thread for all, which is begun by the
 * first run and ends when there have been none for some seconds.
 */
final class RunWatch {
    private static final long EVERY_MILLIS = 10;
    private static final int LOOKS_UNTIL_IDLE = 1000;

    private static final Set<Termination> ALL = ConcurrentHashMap.newKeySet();
    private static volatile boolean awake;

    private RunWatch() {}

    static void add(Termination one) {
        ALL.add(one);
    }

    static void remove(Termination one) {
        ALL.remove(one);
    }

    /** A run has begun. */
    static void wake() {
        if (!awake) {
            begin();
        }
    }

    private static synchronized void begin() {
        if (awake) {
            return;
        }
        awake = true;
        try {
            OnnxLibrary.thread(RunWatch::watch).start();
        } catch (OutOfMemoryError e) {
            // There can be no more threads: this run goes on to its end.
            awake = false;
        }
    }

    private static void watch() {
        try {
            int idle = 0;
            while (idle < LOOKS_UNTIL_IDLE) {
                try {
                    Thread.sleep(EVERY_MILLIS);
                } catch (InterruptedException e) {
                    // Nobody has a reason to.
                }
                idle = look() ? 0 : idle + 1;
            }
        } finally {
            // Whatever ends it, the next run has another.
            awake = false;
        }
        // One that began in between has seen it awake.
        if (look()) {
            begin();
        }
    }

    private static boolean look() {
        boolean any = false;
        for (Termination one : ALL) {
            any |= one.look();
        }
        return any;
    }
}
