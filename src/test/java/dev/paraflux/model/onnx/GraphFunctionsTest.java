package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions of a graph that come to more than there is memory or stack for are refused before they are looked at. */
class GraphFunctionsTest {
    private static final String DOMAIN = "own";

    @TempDir
    Path folder;

    /** f(i) calls f(i - 1) so many times, one on the other; f(0) does nothing. */
    private static ProtoWriter function(int number, int calls) {
        ProtoWriter function = new ProtoWriter().text(1, "f" + number).text(4, "v0").text(5, "v" + calls);
        for (int call = 0; call < calls; call++) {
            ProtoWriter node = new ProtoWriter().text(1, "v" + call).text(2, "v" + (call + 1));
            function.message(7,
                    number == 0 ? node.text(4, "Identity") : node.text(4, "f" + (number - 1)).text(7, DOMAIN));
        }
        return function.text(10, DOMAIN).message(9, new ProtoWriter().text(1, DOMAIN).number(2, 1))
                .message(9, new ProtoWriter().text(1, "").number(2, 18));
    }

    private Path with(int functions, int calls) throws IOException {
        Path file = TestGraph.plain().write(folder);
        ProtoWriter more = new ProtoWriter().message(8, new ProtoWriter().text(1, DOMAIN).number(2, 1));
        for (int number = 0; number < functions; number++) {
            more.message(25, function(number, calls));
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) more.size());
        more.writeTo(bytes);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(Files.readAllBytes(file));
        all.writeBytes(bytes.array());
        return Files.write(file, all.toByteArray());
    }

    private void refused(Path file, String reason) {
        String message = assertThrows(IOException.class,
                () -> ModelFile.load(file, TestGraph.card(), LoadOptions.DEFAULT)).getMessage();
        assertTrue(message.startsWith("model file " + file + " is damaged: ") && message.contains(reason), message);
    }

    @Test
    void functionsThatDoubleAndFunctionsThatNest() throws IOException {
        ModelFile.load(with(10, 2), TestGraph.card(), LoadOptions.DEFAULT).close();
        refused(with(40, 2), "it has functions that come to more than 1000000 nodes");
        refused(with(3000, 1), "it has functions that call one another more than 100 deep");
    }
}
