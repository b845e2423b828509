package dev.paraflux.model.aoti;

import dev.paraflux.model.Denoiser;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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

    private abstract static class Compiled extends LabelledContract {
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
        protected int labels() {
            return 4;
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
