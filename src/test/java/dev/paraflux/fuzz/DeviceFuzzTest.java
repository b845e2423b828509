package dev.paraflux.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.Device;
import dev.paraflux.device.NativeMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Random calls, legal and illegal, to what owns native memory on a device: every exception is of a documented type, after
 * a refusal everything is as it was, results are those of plain Java, and no row changes that was not named.
 */
class DeviceFuzzTest {
    private static final int SEEDS = 10;

    /** Under AddressSanitizer ({@code -Pasan}): that these are the kernels which it watches. */
    @Test
    @EnabledIfSystemProperty(named = "paraflux.asan", matches = ".+")
    void theLibraryIsTheSanitizedOne() throws Exception {
        Device.cpu();
        String library = Path.of(System.getProperty("paraflux.asan")).toRealPath() + "/libparaflux.so";
        List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
        assertTrue(maps.stream().anyMatch(line -> line.contains("libasan")), "libasan");
        assertTrue(maps.stream().anyMatch(line -> line.endsWith(library)), library);
        assertTrue(maps.stream().noneMatch(line -> line.contains("libparaflux.so") && !line.endsWith(library)),
                library);
    }

    @Test
    void programs() {
        fuzz(ProgramWorld::new);
    }

    @Test
    void innerProductsAndQuantiles() {
        fuzz(GramWorld::new);
    }

    @Test
    void windows() {
        fuzz(WindowWorld::new);
    }

    @Test
    void estimates() {
        fuzz(EstimateWorld::new);
    }

    private static void fuzz(Function<Random, Fuzz.World> maker) {
        long before = NativeMemory.allocatedBytes();
        for (long seed = 1; seed <= SEEDS; seed++) {
            try (Fuzz.World world = maker.apply(new Random(seed))) {
                Fuzz.run(world, seed, Fuzz.CALLS / SEEDS);
            }
        }
        assertEquals(before, NativeMemory.allocatedBytes(), "bytes that were not given back");
    }
}
