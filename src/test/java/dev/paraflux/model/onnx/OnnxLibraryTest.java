package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.JavaProcess;
import dev.paraflux.model.TinyNetwork;
import dev.paraflux.model.file.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    /** By itself it writes a log, a number for this machine, and what it has seen, which it sends to its makers. */
    @Test
    void itTellsNobodyOfItsUse(@TempDir Path folder) throws Exception {
        new JavaProcess().with("XDG_CACHE_HOME", folder).with("TMPDIR", folder).with("-Djava.io.tmpdir=" + folder)
                .run(0, Load.class, TinyNetwork.of("audio").file(".onnx").toString());

        try (Stream<Path> left = Files.walk(folder)) {
            assertEquals(List.of(), left.filter(Files::isRegularFile).toList());
        }
    }

    /** It left the folder that it unpacks its libraries into. */
    @Test
    void nothingIsLeftOfItsFiles(@TempDir Path folder) throws Exception {
        new JavaProcess().with("-Djava.io.tmpdir=" + folder)
                .run(0, Load.class, TinyNetwork.of("audio").file(".onnx").toString());

        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aFolderWithoutItsLibrariesIsNamedByItsOption(@TempDir Path folder) throws Exception {
        String said = String.join(" ",
                new JavaProcess().with("-D" + OnnxLibrary.FOLDER + "=" + folder).run(1, Load.class,
                        TinyNetwork.of("audio").file(".onnx").toString()));
        assertTrue(said.contains("the folder that -Donnxruntime.native.path names, " + folder + ", which must have"),
                said);
        assertFalse(said.contains("java.io.tmpdir"), said);
    }
}
