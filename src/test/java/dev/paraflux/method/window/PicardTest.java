package dev.paraflux.method.window;

import dev.paraflux.method.Method;
import dev.paraflux.method.MethodContract;
import org.junit.jupiter.api.Nested;

class PicardTest extends MethodContract {
    @Override
    protected Method method() {
        return Picard.defaults().withWindow(100).withTolerance(Tolerance.steps(1e-6));
    }

    /** Forward substitution by another name: its bits. */
    @Nested
    class OneRowAtATime extends ParaTaaTest.Settings {
        @Override
        protected boolean isAlwaysExact() {
            return true;
        }

        @Override
        protected Method method() {
            return Picard.defaults().withWindow(1).withTolerance(Tolerance.steps(1e-6));
        }

        @Override
        protected double tolerance() {
            return 0;
        }
    }

    /** Smaller than what the tables look back on. */
    @Nested
    class FourRowsAtATime extends ParaTaaTest.Settings {
        @Override
        protected Method method() {
            return Picard.defaults().withWindow(4).withTolerance(Tolerance.steps(1e-6));
        }
    }
}
