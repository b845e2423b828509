package dev.paraflux.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineMemoryTest {
    @TempDir
    Path scratch;

    @Test
    void partsThatStayAddUpAndTheLargestMomentIsThePeak() {
        PipelineMemory inside = new PipelineMemory(List.of(PipelineMemory.Part.denoiser("unet", 100_000_000, true),
                PipelineMemory.Part.network("text_encoder", 20_000_000),
                PipelineMemory.Part.network("vae_decoder", 200_000_000)));

        assertEquals(320_000_000, inside.keptBytes(false));
        // 100 and 20 are there while 200 are loaded.
        assertEquals(520_000_000, inside.peakBytes(false));
        assertEquals(100_000_000, inside.keptBytes(true));
        assertEquals(500_000_000, inside.peakBytes(true));
        assertEquals("unet 100 MB, text_encoder 20 MB, vae_decoder 200 MB of weights: 320 MB are kept, and up to 520 MB"
                + " are taken while they are loaded; with low memory 100 MB, and up to 500 MB", inside.toString());
        PipelineMemory alone = new PipelineMemory(List.of(PipelineMemory.Part.denoiser("unet", 100_000_000, true)));
        assertEquals(400_000_000, alone.peakBytes(false));
    }

    @Test
    void aFolderTellsItBeforeAnythingIsLoaded() throws IOException {
        Path folder = TinyPipelines.copy("sd", scratch.resolve("sd"));
        long graph = Files.size(folder.resolve("unet/model.onnx"));
        Files.write(folder.resolve("unet/diffusion_pytorch_model.safetensors"), new byte[1000]);
        PipelineMemory.Part unet = PipelineFolder.read(folder).memory().parts().get(0);
        assertEquals(new PipelineMemory.Part("unet", graph, 4 * graph), unet);

        Files.write(folder.resolve("unet/model.onnx_data"), new byte[1_000_000]);
        PipelineMemory memory = PipelineFolder.read(folder).memory();
        assertEquals(new PipelineMemory.Part("unet", graph + 1_000_000, 2 * (graph + 1_000_000)),
                memory.parts().get(0));
        assertEquals(List.of("unet", "text_encoder", "vae_decoder", "vae_encoder"),
                memory.parts().stream().map(PipelineMemory.Part::name).toList());
    }
}
