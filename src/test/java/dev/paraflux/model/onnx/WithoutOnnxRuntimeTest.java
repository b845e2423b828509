package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.JavaProcess;
import dev.paraflux.cli.Main;
import dev.paraflux.model.TinyNetwork;
import dev.paraflux.model.file.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The optional jar is missed by those alone who load such a file, and named to them as the build file has it. */
class WithoutOnnxRuntimeTest {
    private static final Path GRAPH = TinyNetwork.of("audio").file(".onnx");
    private static final Path MODULE = TinyNetwork.of("audio").file(".pt");

    /** In a virtual machine of its own. */
    static final class Load {
        private Load() {}

        public static void main(String[] files) throws IOException {
            ModelFile.load(Path.of(files[0])).close();
            try {
                ModelFile.load(Path.of(files[1])).close();
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static String sentence() throws IOException {
        String build = Files.readString(Path.of("packaging/pom.xml"));
        String version = build.substring(build.indexOf("<onnxruntime.version>") + 21,
                build.indexOf("</onnxruntime.version>"));
        return "ONNX models are run by ONNX Runtime, which is not on the class path: add"
                + " com.microsoft.onnxruntime:onnxruntime:" + version + ", which dev.paraflux:paraflux-onnx brings";
    }

    @Test
    void itIsNamedWhereAGraphIsLoadedAndNotMissedElsewhere() throws Exception {
        assertEquals(List.of(sentence()),
                new JavaProcess().without("onnxruntime").run(0, Load.class, MODULE.toString(), GRAPH.toString()));
    }

    @Test
    void theCommandNamesIt() throws Exception {
        List<String> lines = new JavaProcess().without("onnxruntime").run(1, Main.class, "sample", "--model",
                GRAPH.toString(), "--steps", "2");
        String named = sentence();
        assertTrue(lines.stream().anyMatch(line -> line.contains(named)), lines::toString);
    }
}
