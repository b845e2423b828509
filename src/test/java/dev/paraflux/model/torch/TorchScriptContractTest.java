package dev.paraflux.model.torch;

import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.DenoiserContract;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.UnconditionalContract;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract, by a module of each form. Elementwise modules give a row its bits in any batch. */
class TorchScriptContractTest {
    @TempDir
    Path folder;

    private interface Maker {
        Path write(Path folder) throws IOException;
    }

    private PretrainedDenoiser load(Maker maker) {
        try {
            return ModelFile.load(maker.write(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Nested
    class OfLabels extends LabelledContract {
        @Override
        protected Denoiser open() {
            return load(TestModules::labelled);
        }

        @Override
        protected int labels() {
            return 3;
        }
    }

    @Nested
    class OfEmbeddings extends DenoiserContract {
        @Override
        protected Denoiser open() {
            return load(TestModules::embedded);
        }

        @Override
        protected List<Conditioning> legal() {
            return conditions(embedding(1, 4), embedding(3, 4));
        }

        @Override
        protected Conditioning illegal() {
            return Conditioning.of(embedding(1, 3));
        }

        private Condition embedding(float value, int width) {
            float[] values = new float[2 * width];
            java.util.Arrays.fill(values, value);
            return new Condition.Embedding(values, 2, width);
        }
    }

    @Nested
    class WithoutCondition extends UnconditionalContract {
        @Override
        protected Denoiser open() {
            return load(TestModules::plain);
        }
    }

    /** Three threads share its calls. */
    @Nested
    class Shared extends OfLabels {
        @Override
        protected Denoiser open() {
            PretrainedDenoiser model = load(TestModules::labelled);
            model.setReplicas(3);
            return model;
        }
    }

    /** It changes x in place, and is given copies. */
    @Nested
    class ChangingItsInput extends WithoutCondition {
        @Override
        protected Denoiser open() {
            return load(TestModules::changing);
        }
    }
}
