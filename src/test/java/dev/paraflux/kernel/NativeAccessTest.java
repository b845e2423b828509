package dev.paraflux.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** On the class path; what modules are told is seen where the command runs as one. */
class NativeAccessTest {
    private static final String OPTION = "--enable-native-access=ALL-UNNAMED";

    /** Prints the message before anything is loaded. */
    public static final class Says {
        private Says() {}

        public static void main(String[] arguments) {
            System.out.println(NativeAccess.message());
        }
    }

    @Test
    void theOptionIsForTheClassPath() {
        assertEquals(OPTION, NativeAccess.option());
    }

    @Test
    void itSaysWhetherTheOptionWasGiven() throws Exception {
        boolean warns = Runtime.version().feature() >= 24;
        assertTrue(said(OPTION).startsWith(warns ? "allowed" : "needs no option here"));
        String without = said("-Dnothing");
        assertTrue(without.startsWith(warns ? "not allowed" : "needs no option here"), without);
        assertTrue(without.endsWith(OPTION), without);
    }

    private static String said(String option) throws Exception {
        Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), option, "-cp",
                System.getProperty("java.class.path"), Says.class.getName()).redirectErrorStream(true).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new String(process.getInputStream().readAllBytes()).strip();
    }
}
