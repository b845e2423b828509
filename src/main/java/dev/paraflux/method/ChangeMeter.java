package dev.paraflux.method;

import dev.paraflux.check.Reason;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Resources;
import dev.paraflux.device.RowTable;

/**
 * Puts one answer after the other in its place and measures, as a {@link StopRule} says, how far each is from the one
 * before. Two rules are measured by the kernel in the pass that stores the answer; the third decodes it.
 */
final class ChangeMeter {
    private static final double PIXELS_OF_UNIT = 127.5;

    private final StopRule rule;
    private final int sample;
    private final RowTable table;
    private final float[] latent;
    private float[] picture;
    private float[] pictureBefore;

    ChangeMeter(StopRule rule, int sample, int dim, Resources resources) {
        this.rule = rule;
        this.sample = sample;
        table = resources.add(new RowTable());
        boolean decodes = rule instanceof StopRule.Decoded;
        int pixels = rule instanceof StopRule.Decoded decoded ? decoded.decoder().pictureDim() : 0;
        latent = new float[decodes ? dim : 0];
        picture = new float[pixels];
        pictureBefore = new float[pixels];
    }

    /** Begins the answer, which will lie in this row. */
    RowTable answer(Buffer into, int row) {
        table.clear();
        return table.into(into, row);
    }

    /** Stores the first answer. */
    void first(Buffer into, int row) {
        table.update();
        if (rule instanceof StopRule.Decoded decoded) {
            decode(decoded.decoder(), 0, into, row);
        }
    }

    /** Stores the answer and gives its mean change from the one before, which lies in another row. */
    double changeFrom(Buffer before, int beforeRow, Buffer into, int row, int refinement) {
        table.against(before, beforeRow);
        if (rule instanceof StopRule.Decoded decoded) {
            table.update();
            float[] last = picture;
            picture = pictureBefore;
            pictureBefore = last;
            decode(decoded.decoder(), refinement, into, row);
            return pictureChange();
        }
        boolean pixels = rule instanceof StopRule.Pixels;
        float limit = pixels ? 1 : Float.POSITIVE_INFINITY;
        table.updateAndCompare(-limit, limit);
        double change = table.change(0) / into.dim();
        if (pixels && change * PIXELS_OF_UNIT < rule.tolerance()) {
            table.clear();
            table.row().plus(1, into, row).plus(-1, before, beforeRow);
            table.norms();
            change = orUncut(change, Math.sqrt(table.sum(0) / into.dim()));
        }
        return change * (pixels ? PIXELS_OF_UNIT : 1);
    }

    /** An answer that still moves by more than a picture's range has not settled, even if all of it is cut off. */
    private static double orUncut(double cut, double uncut) {
        return uncut <= 1 ? cut : uncut;
    }

    private void decode(Decoder decoder, int refinement, Buffer from, int row) {
        from.read(row, latent);
        try {
            decoder.decode(latent, picture);
        } catch (RuntimeException e) {
            throw new IllegalStateException("the decoder failed on sample " + sample + ", refinement " + refinement
                    + ": " + Reason.of(e), e);
        }
    }

    private double pictureChange() {
        double cut = 0;
        double uncut = 0;
        for (int e = 0; e < picture.length; e++) {
            cut += Math.abs(clipped(picture[e]) - clipped(pictureBefore[e]));
            uncut += ((double) picture[e] - pictureBefore[e]) * ((double) picture[e] - pictureBefore[e]);
        }
        return orUncut(cut / picture.length, Math.sqrt(uncut / picture.length)) * PIXELS_OF_UNIT;
    }

    private static double clipped(float value) {
        return value < -1 ? -1 : value > 1 ? 1 : value;
    }
}
