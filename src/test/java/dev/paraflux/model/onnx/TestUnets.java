package dev.paraflux.model.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Graphs that stand for the UNet of the tiny Stable Diffusion, with a time of any form. */
public final class TestUnets {
    private static final int CHANNELS = 4;
    private static final int SIDE = 8;
    private static final int TOKENS = 77;
    private static final int WIDTH = 16;

    private TestUnets() {}

    /** How a graph takes its time. */
    public enum Time {
        /** int64 [], as Optimum exports it. */
        SCALAR(ElementType.INT64),
        /** int64 [1]. */
        ONE(ElementType.INT64, 1),
        /** int64 [batch]. */
        STEPS(ElementType.INT64, "n"),
        /** float32 [batch]. */
        ROWS(ElementType.FLOAT32, "n");

        private final ElementType type;
        private final Object[] sizes;

        Time(ElementType type, Object... sizes) {
            this.type = type;
            this.sizes = sizes;
        }
    }

    /** {@code 0.5 x + 0.001 t + the mean of the text's vectors}, written in place of another file. */
    public static void write(Path file, Time time) throws IOException {
        TestGraph graph = new TestGraph().input("sample", ElementType.FLOAT32, "n", CHANNELS, SIDE, SIDE)
                .input("timestep", time.type, time.sizes)
                .input("encoder_hidden_states", ElementType.FLOAT32, "n", TOKENS, WIDTH)
                .axes("column", -1, 1, 1, 1).axes("text", 1, 2).axes("first", 0);
        String times = "timestep";
        if (time == Time.SCALAR) {
            graph.node("Unsqueeze", "one", times, "first");
            times = "one";
        }
        if (time == Time.SCALAR || time == Time.ONE) {
            // As exporters write it: the one time is spread over the rows.
            graph.node("Shape", "all", "sample").node("Gather", "rows", "all", "first").node("Expand", "each", times,
                    "rows");
            times = "each";
        }
        graph.cast("t", times, ElementType.FLOAT32).node("Reshape", "t4", "t", "column")
                .node("ReduceMean", "c", "encoder_hidden_states", "text").node("Reshape", "c4", "c", "column")
                .floats("half", 0.5f).floats("thousandth", 0.001f).node("Mul", "h", "sample", "half")
                .node("Mul", "s", "t4", "thousandth").node("Add", "b", "s", "c4").node("Add", "y", "h", "b")
                .output("y", ElementType.FLOAT32, "n", CHANNELS, SIDE, SIDE);
        Files.write(file, graph.bytes());
    }
}
