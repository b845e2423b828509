package dev.paraflux.model.aoti;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.JavaProcess;
import java.io.IOException;
import java.nio.file.Path;
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
        String output = String.join("\n", new JavaProcess().run(0, DamagedPackages.class,
                TestPackages.tiny(folder).toString(), String.valueOf(COPIES), String.valueOf(SEED)));
        assertTrue(output.contains("IOException="), output);
        System.getLogger("paraflux").log(System.Logger.Level.DEBUG, output);
    }
}
