package dev.paraflux.method.core;

import dev.paraflux.method.Method;
import dev.paraflux.method.MethodContract;
import org.junit.jupiter.api.Nested;

/** The contract, for the schedules and sizes of blocks, each to the exact sample. */
class SrdsTest {
    private static final Srds EXACT = Srds.defaults().withStop(StopRule.pixels(0));

    abstract static class Exact extends MethodContract {
        @Override
        protected double tolerance() {
            return 0;
        }
    }

    @Nested
    class Pipelined extends Exact {
        @Override
        protected Method method() {
            return EXACT;
        }
    }

    @Nested
    class WithBarrier extends Exact {
        @Override
        protected Method method() {
            return EXACT.withPipelined(false);
        }

        @Override
        protected boolean mayExceedRows() {
            return true;
        }
    }

    @Nested
    class OneBlock extends Exact {
        /** Its only refinement is. */
        @Override
        protected boolean isAlwaysExact() {
            return true;
        }

        /** The coarse one. */
        @Override
        protected boolean answersEarly() {
            return true;
        }

        @Override
        protected Method method() {
            return EXACT.withBlocks(1);
        }
    }
}
