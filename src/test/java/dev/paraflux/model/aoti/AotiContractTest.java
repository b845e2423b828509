package dev.paraflux.model.aoti;

import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.DenoiserContract;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract, by each compiled package. */
class AotiContractTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void runHere() throws IOException {
        TestPackages.assumeTheyRunHere();
    }

    private abstract static class Compiled extends DenoiserContract {
        @Override
        protected Denoiser open() {
            try {
                return load();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        abstract PretrainedDenoiser load() throws IOException;

        @Override
        protected List<Conditioning> legal() {
            return conditions(Condition.none(), Condition.label(0), Condition.label(2));
        }

        @Override
        protected Conditioning illegal() {
            return Conditioning.of(Condition.label(4));
        }

        /** oneDNN chooses its convolutions by the number of rows. */
        @Override
        protected double batchTolerance() {
            return 2e-6;
        }
    }

    @Nested
    class OfTwoConvolutions extends Compiled {
        @Override
        PretrainedDenoiser load() throws IOException {
            return TestPackages.load(TestPackages.tiny(folder));
        }
    }

    /** Three threads share its calls. */
    @Nested
    class Shared extends Compiled {
        @Override
        PretrainedDenoiser load() throws IOException {
            PretrainedDenoiser model = TestPackages.load(TestPackages.tiny(folder));
            model.setReplicas(3);
            return model;
        }
    }

    /** From two rows on, in bfloat16, of copies of x. */
    @Nested
    class Odd extends Compiled {
        @Override
        PretrainedDenoiser load() throws IOException {
            return TestPackages.load(TestPackages.odd(folder));
        }

        @Override
        protected double batchTolerance() {
            return 4e-3;
        }
    }
}
