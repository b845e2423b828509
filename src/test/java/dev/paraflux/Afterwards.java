package dev.paraflux;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Closes what a test makes in the middle of something, where {@code try (...)} would bury what is tested. JUnit finds it by
 * its file of services.
 */
public final class Afterwards implements AfterEachCallback {
    private static final Deque<AutoCloseable> THINGS = new ArrayDeque<>();

    /** Closes a thing after the test that runs now, or after the next one; the last comes first. */
    public static synchronized <T extends AutoCloseable> T close(T thing) {
        THINGS.push(thing);
        return thing;
    }

    private static synchronized AutoCloseable next() {
        return THINGS.poll();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (AutoCloseable thing = next(); thing != null; thing = next()) {
            thing.close();
        }
    }
}
