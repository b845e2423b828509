package dev.paraflux.model.onnx;

import dev.paraflux.model.Denoiser;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.UnconditionalContract;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract, by a graph of each form. They work element by element, so that a row has its bits in any batch. */
class OnnxContractTest {
    @TempDir
    Path folder;

    private PretrainedDenoiser load(TestGraph graph, ModelInput... inputs) {
        try {
            return graph.load(folder, inputs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Nested
    class OfLabels extends LabelledContract {
        @Override
        protected Denoiser open() {
            return load(TestGraph.labelled(ElementType.INT64), TestGraph.label());
        }

        @Override
        protected int labels() {
            return 3;
        }
    }

    /** Labels are cast in the graph. */
    @Nested
    class OfNarrowLabels extends OfLabels {
        @Override
        protected Denoiser open() {
            return load(TestGraph.labelled(ElementType.INT32), TestGraph.label());
        }
    }

    /** Three threads share its calls. */
    @Nested
    class Shared extends OfLabels {
        @Override
        protected Denoiser open() {
            PretrainedDenoiser model = load(TestGraph.labelled(ElementType.INT64), TestGraph.label());
            model.setReplicas(3);
            return model;
        }
    }

    @Nested
    class WithoutCondition extends UnconditionalContract {
        @Override
        protected Denoiser open() {
            return load(TestGraph.plain());
        }
    }

    /** Rows of one time go together. */
    @Nested
    class OfOneTime extends WithoutCondition {
        @Override
        protected Denoiser open() {
            return load(TestGraph.ofOneTime());
        }
    }

    /** Four rows a run, no more and no fewer. */
    @Nested
    class OfFixedRows extends WithoutCondition {
        @Override
        protected Denoiser open() {
            return load(new TestGraph().input("x", ElementType.FLOAT32, 4, 2, 3).input("t", ElementType.FLOAT32, 4)
                    .axes("axes", 1, 2).node("Unsqueeze", "t3", "t", "axes").answering("t3"));
        }
    }
}
