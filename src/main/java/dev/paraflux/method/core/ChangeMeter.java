package dev.paraflux.method.core;

import dev.paraflux.check.Reason;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.RowProgram;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.method.RoundingFloor;
import dev.paraflux.method.Work;

/**
 * Measures, as a {@link StopRule} says, how far each answer is from the one before. Two rules are measured by the kernel in
 * the pass that stores the answer; the third decodes it, once it is there.
 */
final class ChangeMeter {
    private final StopRule rule;
    private final int dim;
    /** Of the answers of one round, for a rule that decodes them. */
    private final float[][] latents;
    private float[] picture;
    private float[] pictureBefore;
    private double limit;

    /** @param most answers of one round, at most */
    ChangeMeter(StopRule rule, int dim, int most) {
        this.rule = rule;
        this.dim = dim;
        int pixels = rule instanceof StopRule.Decoded decoded ? decoded.decoder().pictureDim() : 0;
        latents = new float[pixels > 0 ? most : 0][dim];
        picture = new float[pixels];
        pictureBefore = new float[pixels];
    }

    /**
     * Before the first answer.
     *
     * @param rounding share that predictions are rounded by: no smaller change is asked for, unless it is for none at all
     */
    void begin(double rounding) {
        double unit = rule instanceof StopRule.Values ? 1 : ImageGrid.PIXELS_OF_UNIT;
        limit = rule.tolerance() == 0 ? 0 : Math.max(rule.tolerance(), unit * RoundingFloor.ofAnswers(rounding));
    }

    /** What the change of an answer that is near enough is below. */
    double limit() {
        return limit;
    }

    /** Wants the answer measured that the row of the work begun last stores, the k-th of this round and the first of all. */
    void wantFirst(Work work, int k, Buffer into, int row) {
        if (rule instanceof StopRule.Decoded) {
            work.read(into, row, latents[k], 0);
        }
    }

    /** The same for a later one, by its change from the answer before, which lies in another row of the buffer. */
    void want(Work work, int k, Buffer answers, int row, int rowBefore) {
        if (rule instanceof StopRule.Decoded) {
            work.read(answers, row, latents[k], 0);
        } else if (rule instanceof StopRule.Pixels) {
            work.rows().compare(answers, rowBefore, -1, 1);
            work.rows().row().plus(1, answers, row).plus(-1, answers, rowBefore).squares();
        } else {
            work.rows().compare(answers, rowBefore, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
        }
    }

    /** Takes note of the first answer. */
    void first(int k) {
        if (rule instanceof StopRule.Decoded decoded) {
            decode(decoded.decoder(), k, 0);
        }
    }

    /** The mean change of the answer that this row of the program has stored. */
    double change(RowProgram rows, int index, int k, int refinement) {
        if (rule instanceof StopRule.Decoded decoded) {
            float[] last = picture;
            picture = pictureBefore;
            pictureBefore = last;
            decode(decoded.decoder(), k, refinement);
            return pictureChange();
        }
        double change = rows.sum(index) / dim;
        if (rule instanceof StopRule.Values) {
            return change;
        }
        boolean near = change * ImageGrid.PIXELS_OF_UNIT < limit;
        return (near ? orUncut(change, Math.sqrt(rows.sum(index + 1) / dim)) : change) * ImageGrid.PIXELS_OF_UNIT;
    }

    /** An answer that still moves by more than a picture's range has not settled, even if all of it is cut off. */
    private static double orUncut(double cut, double uncut) {
        return uncut <= 1 ? cut : uncut;
    }

    private void decode(Decoder decoder, int k, int refinement) {
        try {
            decoder.decode(latents[k], picture);
        } catch (RuntimeException e) {
            throw new IllegalStateException("the decoder failed on refinement " + refinement + ": " + Reason.of(e), e);
        }
    }

    private double pictureChange() {
        double cut = 0;
        double uncut = 0;
        for (int e = 0; e < picture.length; e++) {
            cut += Math.abs(clipped(picture[e]) - clipped(pictureBefore[e]));
            uncut += ((double) picture[e] - pictureBefore[e]) * ((double) picture[e] - pictureBefore[e]);
        }
        return orUncut(cut / picture.length, Math.sqrt(uncut / picture.length)) * ImageGrid.PIXELS_OF_UNIT;
    }

    private static double clipped(float value) {
        return value < -1 ? -1 : value > 1 ? 1 : value;
    }
}
