package dev.paraflux.schedule;

import java.util.Arrays;

/** Betas of all training steps as one value. */
record NoiseScheduleBetas(double[] values) {
    @Override
    public boolean equals(Object other) {
        return other instanceof NoiseScheduleBetas betas && Arrays.equals(values, betas.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return values.length + " betas";
    }
}
