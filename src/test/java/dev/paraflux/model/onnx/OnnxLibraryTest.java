package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.JavaProcess;
import dev.paraflux.model.TinyNetwork;
import dev.paraflux.model.file.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxLibraryTest {
    /** In a virtual machine of its own. */
    static final class Load {
        private Load() {}

        public static void main(String[] files) throws IOException {
            ModelFile.load(Path.of(files[0])).close();
            System.out.println("loaded");
        }
    }

    /** ONNX Runtime begins with what needs half a megabyte of stack, and ended the virtual machine where there was less. */
    @Test
    void aThreadOfLittleStackLoadsIt() throws Exception {
        assertEquals(List.of("loaded"), new JavaProcess().with("-Xss400k").run(0, Load.class,
                TinyNetwork.of("audio").file(".onnx").toString()));
    }
}
