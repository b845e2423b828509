package dev.paraflux.method.core;

import dev.paraflux.check.Require;
import java.util.Objects;

/** When a refined sample is good enough: its mean change by the last refinement is below a tolerance. */
public sealed interface StopRule {

    /** The change must be below this, 0 or more; 0 is never met, so that the run goes on to the exact sample. */
    double tolerance();

    /**
     * Mean absolute change of a pixel, in steps of 0 to 255, with samples in [-1, 1] and what lies outside cut off
     * (Selvam, Merchant, Ermon, arXiv 2405.15173; the paper's tau). A sample that still moves by
     * more than 1, root mean square, has not settled either, even if all of it is cut off.
     */
    record Pixels(double tolerance) implements StopRule {
        /** Checks the tolerance. */
        public Pixels {
            Require.notNegative("tolerance", tolerance);
        }
    }

    /** Mean absolute change of a value, as it is: for latents. */
    record Values(double tolerance) implements StopRule {
        /** Checks the tolerance. */
        public Values {
            Require.notNegative("tolerance", tolerance);
        }
    }

    /** As {@link Pixels}, of the picture that a decoder makes of the sample. */
    record Decoded(Decoder decoder, double tolerance) implements StopRule {
        /** Checks the tolerance and the decoder. */
        public Decoded {
            Objects.requireNonNull(decoder, "decoder");
            Require.atLeast(1, "pictureDim of the decoder", decoder.pictureDim());
            Require.notNegative("tolerance", tolerance);
        }
    }

    /** A mean change below so many steps of 0 to 255. */
    static StopRule pixels(double tolerance) {
        return new Pixels(tolerance);
    }

    /** A mean change of the values below this. */
    static StopRule values(double tolerance) {
        return new Values(tolerance);
    }

    /** A mean change of the decoded picture below so many steps of 0 to 255. */
    static StopRule decoded(Decoder decoder, double tolerance) {
        return new Decoded(decoder, tolerance);
    }
}
