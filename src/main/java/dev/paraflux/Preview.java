package dev.paraflux;

/**
 * What a sample looked like after a round; see {@link Progress#preview}.
 *
 * @param sample  which of the call's samples, from 0
 * @param round   rounds so far, from 1
 * @param answers see {@link Progress#answers}
 * @param values  as long as a row; the receiver's to keep and change
 */
public record Preview(int sample, int round, int answers, float[] values) {}
