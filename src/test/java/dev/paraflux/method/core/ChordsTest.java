package dev.paraflux.method.core;

import dev.paraflux.method.Method;
import dev.paraflux.method.MethodContract;
import org.junit.jupiter.api.Nested;

/** The contract, to the exact sample. */
class ChordsTest {
    private static final StopRule NEVER = StopRule.pixels(0);

    abstract static class Exact extends MethodContract {
        @Override
        protected double tolerance() {
            return 0;
        }
    }

    @Nested
    class EightCores extends Exact {
        @Override
        protected Method method() {
            return Chords.ofCores(8).withStop(NEVER);
        }
    }

    @Nested
    class ThreeCores extends Exact {
        @Override
        protected Method method() {
            return Chords.ofCores(3).withStop(NEVER);
        }
    }

    @Nested
    class OneCore extends Exact {
        @Override
        protected boolean isAlwaysExact() {
            return true;
        }

        @Override
        protected Method method() {
            return Chords.ofCores(1).withStop(NEVER);
        }
    }
}
