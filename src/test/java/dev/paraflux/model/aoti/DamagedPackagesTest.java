package dev.paraflux.model.aoti;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Dparaflux.damaged=N} tries N copies, {@code -Dparaflux.seed=S} others. */
class DamagedPackagesTest {
    private static final int COPIES = Integer.getInteger("paraflux.damaged", 600);
    private static final long SEED = Long.getLong("paraflux.seed", 1);

    @TempDir
    Path folder;

    /** In a virtual machine of its own, since machine code is what is damaged. */
    @Test
    void noneEndsTheVirtualMachine() throws IOException, InterruptedException {
        TestPackages.assumeTheyRunHere();
        Process machine = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                DamagedPackages.class.getName(), TestPackages.tiny(folder).toString(), String.valueOf(COPIES),
                String.valueOf(SEED)).redirectErrorStream(true).start();
        String output = new String(machine.getInputStream().readAllBytes());
        assertTrue(machine.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, machine.exitValue(), output);
        assertTrue(output.contains("IOException="), output);
        System.getLogger("paraflux").log(System.Logger.Level.DEBUG, output);
    }
}
