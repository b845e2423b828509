package dev.paraflux.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.device.NativeMemory;
import dev.paraflux.model.torch.TestModules;
import dev.paraflux.model.torch.TorchLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random calls, legal and illegal, to models, what goes around them, and the batches that they take. */
class ModelFuzzTest {
    private static final int SEEDS = 4;
    /** A call of a model takes longer than one of a table. */
    private static final int CALLS = Fuzz.CALLS / 2;

    @TempDir
    Path folder;

    @Test
    void models() throws IOException {
        Path module = TestModules.labelled(folder);
        long before = NativeMemory.allocatedBytes();
        for (long seed = 1; seed <= SEEDS; seed++) {
            try (Fuzz.World world = new ModelWorld(module, new Random(seed))) {
                Fuzz.run(world, seed, CALLS / SEEDS);
            }
        }
        assertEquals(before, NativeMemory.allocatedBytes(), "bytes that were not given back");
    }
}
