package dev.paraflux.model.around;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.TestDenoisers;
import dev.paraflux.model.Denoiser;
import org.junit.jupiter.api.Test;

/** One that others write around a denoiser keeps the one rule of who closes it. */
class ForwardingDenoiserTest {
    private static final class Counted extends ForwardingDenoiser {
        private int closed;

        Counted(Denoiser model) {
            super(model);
        }

        @Override
        public void close() {
            closed++;
            super.close();
        }
    }

    @Test
    void whatItIsAroundStaysOpenUnlessItOwnsIt() {
        Counted inner = new Counted(TestDenoisers.bent(3));
        Counted outer = new Counted(inner);
        outer.close();
        assertEquals(0, inner.closed);

        Guidance.of(outer).owning().close();
        assertEquals(2, outer.closed);
        assertEquals(1, inner.closed);
    }
}
