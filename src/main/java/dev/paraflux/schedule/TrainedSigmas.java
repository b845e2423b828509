package dev.paraflux.schedule;

/**
 * The noise ratios sigma / alpha of the training steps, and what diffusers reads from between them.
 *
 * @param schedule the training noise
 * @param floats   the ratios rounded as diffusers rounds them, or null
 */
record TrainedSigmas(NoiseSchedule schedule, double[] floats) {
    /** The least that a ratio must be away from the last one to be below it: the roundings of a float. */
    private static final double ROUNDING = 1e-6;

    TrainedSigmas(NoiseSchedule schedule) {
        this(schedule, null);
    }

    double at(int time) {
        if (floats != null) {
            return floats[time];
        }
        double alphaBar = schedule.alphaBar(time);
        return Math.sqrt((1 - alphaBar) / alphaBar);
    }

    double largest() {
        return at(schedule.trainingSteps() - 1);
    }

    double smallest() {
        return at(0);
    }

    /** Linear in sigma between training steps, and the nearest one beyond them (numpy.interp). */
    double at(double time) {
        int last = schedule.trainingSteps() - 1;
        if (time <= 0 || time >= last) {
            return at(time <= 0 ? 0 : last);
        }
        int low = (int) time;
        double share = time - low;
        return share == 0 ? at(low) : at(low) + share * (at(low + 1) - at(low));
    }

    /** Linear in log sigma between training steps, and the nearest one beyond them. */
    double time(double sigma) {
        if (floats != null) {
            return timeByFloats(Math.log(sigma));
        }
        return sigma >= largest() * (1 - ROUNDING) ? schedule.trainingSteps() - 1 : schedule.at(sigma).time();
    }

    /** With logarithms that are floats: where times are cut off, it tells whether the noisiest one is T - 1 or T - 2. */
    private double timeByFloats(double logSigma) {
        int low = 0;
        while (low + 2 < floats.length && (float) Math.log(floats[low + 1]) <= logSigma) {
            low++;
        }
        double lowLog = (float) Math.log(floats[low]);
        double share = (lowLog - logSigma) / (lowLog - (float) Math.log(floats[low + 1]));
        share = Math.min(Math.max(share, 0), 1);
        return (1 - share) * low + share * (low + 1);
    }

    /** The level of a ratio, told as a time of its own. */
    static NoiseLevel level(double time, double sigma) {
        double root = Math.hypot(1, sigma);
        return new NoiseLevel(time, 1 / root, sigma / root);
    }

    /** The level that the model knows at a time, exactly where it is a training step. */
    NoiseLevel level(double time) {
        boolean whole = time == Math.rint(time) && time >= 0 && time < schedule.trainingSteps();
        return whole && floats == null ? schedule.level((int) time) : level(time, at(time));
    }
}
