package dev.paraflux.model;

/** The numbers that a model calculates with inside. Its rows are float32 whatever it is. */
public enum Precision {
    /** 24 bits: what models are trained and published in. */
    FLOAT32(24),
    /** 11 bits, of a narrow range: up to 65504. */
    FLOAT16(11),
    /** 8 bits, of float32's range. */
    BFLOAT16(8);

    private final int bits;

    Precision(int bits) {
        this.bits = bits;
    }

    /** How far a number is at most from the nearest that there is, relative to it: 2 to the power of minus the bits. */
    public double rounding() {
        return Math.scalb(1.0, -bits);
    }

    /** The one of the two that rounds by more. */
    public Precision coarser(Precision other) {
        return other.bits < bits ? other : this;
    }

    /** As options and messages spell it, for example {@code bfloat16}. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
