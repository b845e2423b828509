package dev.paraflux.model.torch;

import dev.paraflux.ResidentMemory;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are loaded and closed leave nothing behind. {@code -Dparaflux.loads=10000} does it longer. */
class TorchMemoryTest {
    private static final int LOADS = Integer.getInteger("paraflux.loads", 1000);
    /** A tiny module and its batch take about 300 kB: a tenth of them would be a leak, less is the allocator's own. */
    private static final long MOST_BYTES_A_LOAD = 30_000;

    @TempDir
    Path folder;

    @Test
    void loadingAndClosingKeepsNativeMemoryFlat() throws IOException, InterruptedException {
        Path file = TestModules.plain(folder);
        ModelCard card = ModelCard.read(ModelCard.beside(file));
        ResidentMemory.requireFlat(LOADS, 0, MOST_BYTES_A_LOAD, times -> load(file, card, times));
    }

    private static void load(Path file, ModelCard card, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            ModelFile.load(file, card, LoadOptions.DEFAULT).close();
        }
    }
}
